import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatShare, formatValue } from '../../src/core/common/numberFormat';
import type { NeuronStatistics } from '../../src/core/stats/describeNeuron';
import { request } from '../common/wishes';
import { iconButton, section } from '../common/widgets';

type Row = readonly [name: string, value: string, meaning?: string];

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

/** Names and shown values, in reading order. */
export function statisticsRows(stats: NeuronStatistics): Row[] {
  const { density, excluded } = stats;
  const leftOut: Row[] = [
    ['special tokens', excluded.special],
    ['padding', excluded.pad],
    ['first position of a window', excluded.firstPosition],
    ['attention sinks', excluded.sink],
    ['NaN or infinite', excluded.nonFinite],
  ].flatMap(([reason, count]) =>
    Number(count) > 0 ? [[`Left out: ${reason}`, formatCount(Number(count))] as const] : [],
  );
  const error = stats.medianError ? ` ± ${formatValue(stats.medianError)}` : '';
  return [
    ['Mean', formatValue(stats.mean)],
    ['Standard deviation', formatValue(stats.std), 'Of the population'],
    [
      'Median',
      formatValue(stats.median) + error,
      'Interpolated in a bin of the histogram; ± the width of the bin',
    ],
    ['Minimum', formatValue(stats.min)],
    ['Maximum', formatValue(stats.max)],
    ['Skewness', formatValue(stats.skewness)],
    ['Kurtosis (excess)', formatValue(stats.kurtosis), '0 for a normal distribution'],
    [`Density, value > ${formatValue(density.threshold)}`, formatShare(density.share)],
    ['Share of values > 0', formatShare(stats.positiveShare)],
    ['Top share', formatShare(stats.topShare), 'Share of Σ|value| that the top 1 % of tokens hold'],
    ['Tokens counted', formatCount(stats.count)],
    ...leftOut,
    ['Dead', stats.dead ? 'Yes' : 'No'],
    ['Constant', stats.constant ? 'Yes' : 'No'],
  ];
}
