import { html, nothing, type TemplateResult } from 'lit';
import { formatValue } from '../../../src/core/common/numberFormat';
import type { AblationRun } from '../../../src/protocol/pages/steer';
import '../../common/pictures/pictureFigure';
import type { PictureTable } from '../../common/pictures/pictureFigure';
import type { Size } from '../../common/pictures/picture';
import { note, section } from '../../common/widgets';
import { controlsPicture, measureOf } from './controlsPicture';
import { changeOf, hasFairControls } from '../../../src/core/cause/ablationFigures';

const MANY_CONTROLS = 200;

/** What as much change to other neurons of the same layers does, and how the chosen ones stand to that. */
export function controlsSection(
  { answer, setup }: AblationRun,
  useMany: (controls: number) => void,
): TemplateResult {
  const { controls } = answer;
  const count = controls.length;
  if (!hasFairControls(answer)) {
    return section(
      'Beside matched controls',
      nothing,
      note('warning', html`<b>No fair control:</b> ${missingWords(count, setup.controls)}`),
    );
  }
  const table = (): PictureTable => ({
    head: ['Neurons', measureOf(answer)],
    rows: [
      [`${setup.neurons.join(', ')} (chosen)`, formatValue(changeOf(answer))],
      ...[...controls]
        .sort((a, b) => b.change - a.change)
        .map(({ neurons, change }) => [neurons.join(', '), formatValue(change)]),
    ],
  });
  const lowest = 1 / (count + 1);
  const more =
    count < MANY_CONTROLS
      ? html`<button type="button" class="link" @click=${() => useMany(MANY_CONTROLS)}>
          Use ${MANY_CONTROLS} controls
        </button>`
      : nothing;
  return html`<picture-figure
      .heading=${`Beside ${count} matched controls`}
      .remark=${`same layer, seed ${setup.seed}`}
      .description=${`${measureOf(answer)} of the chosen neurons and of ${count} controls.`}
      .height=${170}
      .draw=${(size: Size) => controlsPicture(answer, setup.neurons, size)}
      .table=${table}
    ></picture-figure>
    <p class="remark after-figure">
      Each control writes about as much at these tokens: matched on |activation| · ‖w_out‖ where the chosen
      neuron is largest. p = (1 + controls at least as large) / ${count + 1}; with ${count} controls it cannot
      fall below ${lowest.toFixed(3)}. ${more}
    </p>`;
}

function missingWords(count: number, asked: string): string {
  if (asked.trim() === '0')
    return 'none was asked for, so that nothing can be said of what any neuron would do.';
  return `only ${count} other ${count === 1 ? 'neuron' : 'neurons'} of the layer write anything at these tokens, so that there is no p.`;
}
