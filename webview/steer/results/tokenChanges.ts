import { html, nothing, type TemplateResult } from 'lit';
import { colourRange } from '../../../src/core/common/colourScale';
import { formatSigned, formatValue } from '../../../src/core/common/numberFormat';
import type { AblationRun } from '../../../src/protocol/pages/steer';
import { legend } from '../../common/legend';
import '../../common/valuedText';
import { section } from '../../common/widgets';
import { hasDecoderText } from '../setup/question';

/** The change of each token: of its loss, or of its last hidden state; nothing where the output has neither. */
export function tokenChanges(run: AblationRun): TemplateResult | typeof nothing {
  if (run.answer.cosine) return stateChanges(run, run.answer.cosine.tokens);
  return run.answer.loss.length > 0 ? lossChanges(run) : nothing;
}

function lossChanges({ setup, tokens, answer: { loss } }: AblationRun): TemplateResult {
  const values = loss.map(({ before, after }) => (before === null || after === null ? null : after - before));
  const range = colourRange(null, Math.max(...values.map((value) => Math.abs(value ?? 0))));
  const isDecoder = hasDecoderText(setup);
  const tell = (index: number): string => {
    const { before = null, after = null } = loss[index] ?? {};
    const change = values[index] ?? null;
    if (change === null) return 'nothing predicts it';
    return `${formatSigned(change)} (${formatValue(before)} → ${formatValue(after)})`;
  };
  return section(
    'Loss change per token',
    html`${legend(range)}<span class="dim">blue: easier · orange: harder</span>`,
    html`<valued-text
      .text=${isDecoder ? setup.decoderPrompt : setup.prompt}
      .tokens=${loss.map(({ start, end }, at) => ({ start, end, piece: isDecoder ? '' : (tokens[at]?.piece ?? '') }))}
      .values=${values}
      .range=${range}
      .label=${'Change of the loss at each token.'}
      .tell=${tell}
    ></valued-text>`,
    html`<p class="remark">
      Nats, after minus before: −ln of the token’s probability given those before it.
    </p>`,
  );
}

function stateChanges({ setup, tokens }: AblationRun, cosines: readonly number[]): TemplateResult {
  const values = cosines.map((cosine) => 1 - cosine);
  const range = Math.max(...values);
  return section(
    'Change of each token’s last hidden state',
    html`${legend(range)}<span class="dim">1 − cosine</span>`,
    html`<valued-text
      .text=${setup.prompt}
      .tokens=${tokens}
      .values=${values}
      .range=${range}
      .label=${'Change of the last hidden state at each token.'}
      .tell=${(index: number) => `1 − cosine ${formatValue(values[index] ?? null)}`}
    ></valued-text>`,
    html`<p class="remark">
      1 − cosine of the last hidden state before and after. The model has no output head here: what is
      compared is its states.
    </p>`,
  );
}
