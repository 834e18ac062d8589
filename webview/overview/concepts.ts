import { html, type TemplateResult } from 'lit';
import { formatCount, formatShare } from '../../src/core/common/numberFormat';
import { FAMILY_NAMES } from '../../src/core/concepts/concept';
import type { NamedOverview } from '../../src/core/overview/namedConcepts';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import '../common/pictures/pictureFigure';
import type { PictureTable } from '../common/pictures/pictureFigure';
import type { Size } from '../common/pictures/picture';
import { section } from '../common/widgets';
import { layersNamed, namedPicture } from './pictures/namedPicture';

/** The share of neurons with a name by layer, and what shuffled weights would reach. */
export function namedFigure({ strips }: OverviewAnswer, named: NamedOverview): TemplateResult {
  const layers = layersNamed(strips.layers, named.byLayer);
  const { shuffled } = named;
  const control = shuffled ? shuffled.neurons / shuffled.of : null;
  const table = (): PictureTable => ({
    head: ['Layer', 'Named', 'Share'],
    rows: layers.map(({ layer, neurons, named: count }) => [
      layer,
      formatCount(count),
      formatShare(count / neurons),
    ]),
  });
  const key = html`<span class="keys"
    ><span class="key"><i class="bars"></i>this model</span>
    ${control === null ? '' : html`<span class="key"><i class="dashes"></i>weights shuffled, all layers</span>`}</span
  >`;
  return html`<picture-figure
      .heading=${'Neurons with a name'}
      .description=${`Share of the neurons of each of ${layers.length} layers that carry a name.`}
      .height=${190}
      .draw=${(size: Size) => namedPicture(layers, control, size)}
      .table=${table}
      .caption=${key}
    ></picture-figure>
    ${
      control === null
        ? ''
        : html`<p class="remark after-figure">
            A model whose bars are no higher than the line has nothing to name here.
          </p>`
    }`;
}

/** Concepts with a named neuron of those tested, family by family. */
export function familyTable({ families }: NamedOverview): TemplateResult {
  return section(
    'By family',
    html``,
    html`<table class="lines">
      <caption class="hidden-text">
        Named neurons by family of concepts
      </caption>
      <thead>
        <tr>
          <th scope="col">Family</th>
          <th scope="col" class="number" title="With at least one named neuron, of those tested">Concepts</th>
          <th scope="col" class="number">Named neurons</th>
        </tr>
      </thead>
      <tbody>
        ${families.map(
          ({ family, tested, withNeuron, neurons }) =>
            html`<tr>
              <td>${FAMILY_NAMES[family]}</td>
              <td class="number">${formatCount(withNeuron)} of ${formatCount(tested)}</td>
              <td class="number">${formatCount(neurons)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
