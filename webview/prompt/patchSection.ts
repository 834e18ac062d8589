import { html, nothing, type TemplateResult } from 'lit';
import { pairsAt, PATCH_PLACES, type PatchPlaces } from '../../src/core/cause/promptAlignment';
import type { ComparedPrompt, PatchEffect, PromptsAnswer } from '../../src/core/cause/promptsAnswer';
import { formatCount, formatShare, formatValue } from '../../src/core/common/numberFormat';
import type { Patch } from '../../src/protocol/pages/prompt';
import { dropDown, segments } from '../common/choices';
import { tokenChip } from '../common/tokenText';
import { section } from '../common/widgets';
import { promptName } from './promptNames';

/** Values of the chosen neurons on one prompt, given to them on another, and what comes of it. */
export function patchSection(
  answer: PromptsAnswer,
  patch: Patch,
  choose: (patch: Patch) => void,
): TemplateResult {
  const { prompts } = answer;
  const directions = prompts.flatMap((_, from) =>
    prompts.flatMap((__, to) => (from === to ? [] : [{ from, to }])),
  );
  const labelOf = ({ from, to }: { from: number; to: number }): string =>
    `${promptName(from)} into ${promptName(to)}`;
  const choices = [
    { value: 'off', label: 'Off' },
    ...directions.map((direction) => ({ value: labelOf(direction), label: labelOf(direction) })),
  ];
  const chosen = patch ? labelOf(patch) : 'off';
  const onDirection = (value: string): void => {
    const direction = directions.find((one) => labelOf(one) === value);
    choose(direction ? { ...direction, at: patch?.at ?? 'aligned' } : null);
  };
  const direction = prompts.length > 2 ? dropDown : segments;
  return section(
    'Patch values',
    nothing,
    html`<div class="patch-choices">
      <span>Values of the chosen neurons</span>
      ${direction('Values of which prompt into which', choices, chosen, onDirection)}
      <span>At</span>
      ${dropDown<PatchPlaces>(
        'Tokens that are patched',
        PATCH_PLACES.map((value) => ({ value, label: placesLabel(value, prompts, patch) })),
        patch?.at ?? 'aligned',
        (at) => choose({ from: patch?.from ?? 0, to: patch?.to ?? 1, at }),
      )}
    </div>`,
    answer.patch && patch
      ? effectTable(answer, answer.patch, patch)
      : html`<p class="remark">
          ${
            answer.neurons.length === 0
              ? 'Add a neuron above, whose values on one prompt it is to have on the other.'
              : 'Choose a direction to see what the output makes of the other prompt’s values.'
          }
        </p>`,
    html`<p class="remark">
      Tokens are aligned where both prompts have them; between these, as many with as many. Insertions and
      deletions are left alone.
    </p>`,
  );
}

function placesLabel(places: PatchPlaces, prompts: readonly ComparedPrompt[], patch: Patch): string {
  const [from, to] = [prompts[patch?.from ?? 0], prompts[patch?.to ?? 1]];
  const ids = (prompt: ComparedPrompt | undefined): number[] => prompt?.tokens.map(({ id }) => id) ?? [];
  const pairs = pairsAt(places, ids(from), ids(to)).length;
  switch (places) {
    case 'aligned':
      return `Aligned tokens (${formatCount(pairs)} of ${formatCount(to?.tokens.length ?? 0)})`;
    case 'differing':
      return `Differing tokens (${formatCount(pairs)})`;
    case 'last':
      return 'Last token only';
  }
}

function effectTable(
  { next }: PromptsAnswer,
  effect: PatchEffect,
  { to }: NonNullable<Patch>,
): TemplateResult {
  const name = promptName(to);
  const top = next.reduce(
    (best, token) => ((token.shares[to] ?? 0) > (best?.shares[to] ?? 0) ? token : best),
    next[0],
  );
  const measure = effect.kl === null ? '1 − cosine of the mean state' : 'KL divergence';
  const unit = effect.kl === null ? '' : ' nats';
  return html`<table class="pairs">
    <caption class="hidden-text">
      What the patch does
    </caption>
    <tbody>
      ${
        top
          ? html`<tr>
              <th scope="row">${tokenChip(top.token)} in ${name}</th>
              <td class="number">${formatShare(top.shares[to] ?? null)} → ${formatShare(top.patched)}</td>
            </tr>`
          : nothing
      }
      <tr>
        <th scope="row">${measure}, ${name} to patched ${name}</th>
        <td class="number">${formatValue(effect.change)}${unit}</td>
      </tr>
      <tr>
        <th scope="row">${controlsName(effect)}</th>
        <td class="number">${controlsRange(effect)}</td>
      </tr>
      <tr>
        <th scope="row">p = (1 + controls at least as large) / ${effect.controls.length + 1}</th>
        <td class="number">${effect.p === null ? '–' : effect.p.toPrecision(2)}</td>
      </tr>
    </tbody>
  </table>`;
}

function controlsName({ controls, kl }: PatchEffect): string {
  if (controls.length === 0) return 'No fair control: no other neuron differs as much';
  return `${kl === null ? 'The same' : 'KL'} of ${controls.length} matched controls, median`;
}

function controlsRange({ controls }: PatchEffect): string {
  const sorted = controls.map(({ change }) => change).sort((a, b) => a - b);
  const [low, middle, high] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (low === undefined || middle === undefined || high === undefined) return '–';
  return `${formatValue(middle)} [${formatValue(low)}–${formatValue(high)}]`;
}
