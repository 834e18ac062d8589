import { html, nothing, svg, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/common/numberFormat';
import type { LayerStrip, LayerStrips } from '../../src/core/overview/layerStrips';
import { formatListed, SORT_KEYS, STATISTICS, type SortKey } from '../../src/core/stats/statistics';
import { dropDown } from '../common/choices';
import { section } from '../common/widgets';

/** So few rows have room to be higher. */
const FEW_LAYERS = 12;
const METRICS = SORT_KEYS.map((value) => ({ value, label: STATISTICS[value].label }));

/** One row a layer: its neurons sorted by a metric, shaded against those of all layers, and how many are dead. */
export function layersSection(
  { metric, edges, layers }: LayerStrips,
  chosen: SortKey,
  choose: (metric: SortKey) => void,
): TemplateResult {
  const { label } = STATISTICS[metric];
  const format = (value: number | null): string => formatListed(metric, value);
  return section(
    'Layers',
    dropDown('Metric', METRICS, chosen, choose),
    html`<table class="strips ${layers.length > FEW_LAYERS ? '' : 'few'}">
        <caption class="hidden-text">
          Neurons of each layer, sorted by ${label.toLowerCase()}
        </caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" class="strip">neurons, sorted by ${label.toLowerCase()} →</th>
            <th scope="col" class="number">Median</th>
            <th scope="col" class="number">Dead</th>
          </tr>
        </thead>
        <tbody>
          ${layers.map(
            (layer) =>
              html`<tr>
                <th scope="row">${layer.layer}</th>
                <td class="strip">${strip(layer)}</td>
                <td class="number">${format(layer.median)}</td>
                <td class="number">${layer.dead === 0 ? '–' : formatCount(layer.dead)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <div class="chart-caption">${ramp(edges, format)} ${keys(layers)}</div>
      <p class="remark">
        Each shade stands for an eighth of all neurons of the profile: a layer with much of the first has more
        than its share of low values.
      </p>`,
  );
}

/** Runs of a row as shares of its length: dead ones, ones without a value, then shade by shade. */
function strip({ neurons, dead, withoutValue, shades }: LayerStrip): TemplateResult {
  const runs = [
    { name: 'dead', count: dead },
    { name: 'without', count: withoutValue },
    ...shades.map((count, shade) => ({ name: `shade${shade}`, count })),
  ];
  let start = 0;
  return html`<svg viewBox="0 0 ${neurons} 1" preserveAspectRatio="none" aria-hidden="true">
    ${runs.map(({ name, count }) => {
      const x = start;
      start += count;
      return count === 0 ? nothing : svg`<rect class=${name} x=${x} y="0" width=${count} height="1"></rect>`;
    })}
  </svg>`;
}

function ramp(edges: readonly number[], format: (value: number) => string): TemplateResult | typeof nothing {
  const [low, high] = [edges[0], edges.at(-1)];
  if (low === undefined || high === undefined) return nothing;
  return html`<span class="key ramp"
    >${format(low)}
    <svg viewBox="0 0 ${edges.length - 1} 1" preserveAspectRatio="none" aria-hidden="true">
      ${edges.slice(1).map((_, at) => svg`<rect class=${`shade${at}`} x=${at} y="0" width="1" height="1"></rect>`)}
    </svg>
    ${format(high)}</span
  >`;
}

function keys(layers: readonly LayerStrip[]): TemplateResult {
  const key = (name: string, words: string): TemplateResult =>
    html`<span class="key"
      ><svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class=${name} width="1" height="1"></rect></svg
      >${words}</span
    >`;
  return html`<span class="keys"
    >${layers.some(({ dead }) => dead > 0) ? key('dead', 'dead') : nothing}
    ${layers.some(({ withoutValue }) => withoutValue > 0) ? key('without', 'not defined') : nothing}</span
  >`;
}
