import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { parseNeuron } from '../../src/core/common/neuronAddress';
import { formatAuroc, formatCount } from '../../src/core/common/numberFormat';
import type { ControlWinner } from '../../src/core/concepts/conceptResults';
import {
  controlName,
  controlCost,
  namesSentence,
  OWN_CONTROLS,
  otherCorpus,
  type ControlOfConcept,
} from '../../src/core/concepts/controls/conceptControl';
import type { RunningTest, ShownConcept } from '../../src/protocol/pages/concept';
import { intervalPlot } from '../common/intervalPlot';
import { section } from '../common/widgets';
import type { ConceptCalls } from './evidenceLoader';
import { neuronLink } from '../common/neuronLink';

/**
 * The concept's winner beside those of what should find less: labellings and models that mean nothing, and other texts.
 * Each chooses its own on half A. A control that was not made is a link that makes it.
 * @param running the test or control that is under way on the profile
 */
export function controlsTable(
  shown: ShownConcept,
  running: RunningTest | null,
  host: ConceptCalls,
): TemplateResult | typeof nothing {
  const { concept, controls } = shown;
  const [best] = concept.neurons;
  if (!best || !concept.control) return nothing;
  const others = controls.filter(({ control }) => otherCorpus(control) !== null);
  const underWay = (control: string) => (running?.control === control ? running : null);
  const ofModel = OWN_CONTROLS.map((control) => {
    const made = controls.find((one) => one.control === control);
    if (made && !underWay(control)) return controlLine(made, null);
    return offeredLine(controlName(control), control, {
      shown,
      host,
      running,
      isThis: running?.control === control,
    });
  });
  const elsewhere =
    running?.control != null && otherCorpus(running.control) !== null ? running.control : null;
  return section(
    'Controls',
    nothing,
    html`<table class="lines controls">
        <caption class="hidden-text">
          Best AUROC of the concept and its controls on half B
        </caption>
        <thead>
          <tr>
            <th scope="col">Labels, model</th>
            <th scope="col">AUROC (95 % CI)</th>
            <th scope="col" class="number">Best</th>
          </tr>
        </thead>
        <tbody>
          ${line(html`<b>The concept</b>`, best, neuronLink(best.id))}
          ${line('Shuffled labels', concept.control, neuronLink(concept.control.id))} ${ofModel}
          ${others.filter(({ control }) => control !== elsewhere).map((other) => controlLine(other, best.id))}
          ${offeredLine(
            elsewhere === null ? 'Another corpus' : inOneLine(controlName(elsewhere)),
            'profile',
            {
              ...{ shown, host, running },
              isThis: elsewhere !== null,
            },
          )}
        </tbody>
      </table>
      <p class="remark">
        Each control chooses its own winner on half A. Shuffled labels keep each token's type; what the
        concept's winner has above them is the selectivity. Over all concepts,
        ${namesSentence(shown, controls)}
      </p>`,
  );
}

function line(
  name: TemplateResult | string,
  winner: ControlWinner,
  best: TemplateResult | string,
): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${intervalPlot(winner)}</td>
    <td class="number">${best}</td>
  </tr>`;
}

/** @param bestHere the concept's winner, which is the same neuron on another corpus alone. */
function controlLine(
  { control, refused, neuron, same }: ControlOfConcept,
  bestHere: string | null,
): TemplateResult {
  const name = controlName(control);
  const there =
    bestHere === null || same === null || neuron?.id === bestHere
      ? nothing
      : html`<span class="dim there">${bestHere} there ${formatAuroc(same)}</span>`;
  const label = html`<span title=${otherCorpus(control) ?? nothing}>${inOneLine(name)}</span>${there}`;
  if (!neuron) {
    return html`<tr>
      <th scope="row">${label}</th>
      <td colspan="2" class="dim">${inOneLine(refused ?? 'no neuron was chosen')}</td>
    </tr>`;
  }
  return line(label, neuron, winnerWords(control, neuron.id));
}

/** Only on other texts is a neuron of that number the model's own. */
function winnerWords(control: string, id: string): TemplateResult | string {
  if (otherCorpus(control) !== null) return neuronLink(id);
  if (control !== 'embedding') return html`<span class="neuron-link">${id}</span>`;
  return `dimension ${formatCount(parseNeuron(id)?.neuron ?? 0)}`;
}

interface Offer {
  readonly shown: ShownConcept;
  readonly host: ConceptCalls;
  readonly running: RunningTest | null;
  /** Whether this is what is running. */
  readonly isThis: boolean;
}

/** A control that can be made, or is being made. */
function offeredLine(
  name: string,
  control: (typeof OWN_CONTROLS)[number] | 'profile',
  { shown, host, running, isThis }: Offer,
): TemplateResult {
  if (running && isThis) {
    return html`<tr>
      <th scope="row">${name}</th>
      <td colspan="2">
        <span class="step" role="status">${running.step}</span>
        <button type="button" class="link" @click=${() => void host.stopTest({})}>Stop</button>
      </td>
    </tr>`;
  }
  const { run, manifest } = shown;
  const cost = control === 'profile' ? null : controlCost(control, run, manifest);
  const label = control === 'profile' ? 'Choose a profile …' : 'Test it';
  return html`<tr>
    <th scope="row">${name}</th>
    <td colspan="2">
      <button
        type="button"
        class="link"
        title="All concepts of the profile are tested in one pass"
        aria-label="${label}: ${name}"
        ?disabled=${running !== null}
        @click=${() => void host.testControl({ control })}
      >
        ${label}
      </button>
      ${cost === null ? nothing : html`<span class="dim">${cost}</span>`}
    </td>
  </tr>`;
}
