import { html, type TemplateResult } from 'lit';
import { formatCount, formatShare, formatValue } from '../../src/core/common/numberFormat';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import { neuronLink } from '../common/neuronLink';
import '../common/pictures/pictureFigure';
import type { PictureTable } from '../common/pictures/pictureFigure';
import type { Size } from '../common/pictures/picture';
import { note, section } from '../common/widgets';
import { densityPicture } from './pictures/densityPicture';

const HEADING = 'Density and kurtosis';

/** How often neurons fire against how heavy their tails are, a seeded sample of them. */
export function densityFigure({ sample, strips, neurons: all }: OverviewAnswer): TemplateResult {
  const { neurons, of } = sample;
  if (neurons.length === 0) {
    return section(
      HEADING,
      html``,
      note('info', html`No neuron has a density and an excess kurtosis above 0: there is nothing to draw.`),
    );
  }
  const layers = strips.layers.length;
  const table = (): PictureTable => ({
    head: ['Neuron', 'Density', 'Kurtosis (excess)'],
    rows: neurons.map(({ id, density, kurtosis }) => [
      neuronLink(id),
      formatShare(density),
      formatValue(kurtosis),
    ]),
  });
  const left = all - of;
  const without =
    left === 0 ? '' : ` ${formatCount(left)} are dead, or have a density or a kurtosis of 0 or below.`;
  const shade =
    layers === 1 ? '' : ` Shade: ${strips.layers[0]!.layer} faint, ${strips.layers.at(-1)!.layer} full.`;
  return html`<div>
    <picture-figure
      .heading=${HEADING}
      .remark=${`${formatCount(neurons.length)} of ${formatCount(all)} drawn`}
      .description=${`Scatter plot of density and kurtosis of ${neurons.length} neurons. Enter opens the one that is read.`}
      .height=${300}
      .draw=${(size: Size) => densityPicture(neurons, layers, size)}
      .table=${table}
    ></picture-figure>
    <p class="remark after-figure">A click on a point opens its neuron.${shade}${without}</p>
  </div>`;
}
