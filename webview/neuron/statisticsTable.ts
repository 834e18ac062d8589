import { html, nothing, type TemplateResult } from 'lit';
import { type NeuronStatistics, statisticsRows } from '../../src/core/stats/describeNeuron';
import { request } from '../common/wishes';
import { iconButton, section } from '../common/widgets';

/** The numbers of a neuron: exact ones as they are, interpolated ones with their error. */
export function statisticsTable(stats: NeuronStatistics): TemplateResult {
  const rows = statisticsRows(stats);
  const copy = (event: Event): void => {
    const text = rows.map(([name, value]) => `${name}\t${value}`).join('\n');
    request(event.currentTarget as Element, { type: 'copyText', text, what: 'statistics' });
  };
  return section(
    'Statistics',
    html`<span class="dim">float64</span>${iconButton('copy', 'Copy statistics', copy)}`,
    html`<table class="pairs">
      <caption class="hidden-text">
        Statistics
      </caption>
      <tbody>
        ${rows.map(
          ([name, value, meaning]) =>
            html`<tr>
              <th scope="row" title=${meaning ?? nothing}>${name}</th>
              <td class="number">${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
