import { csvOf } from '../common/csv';
import type { Example, NeuronPage } from '../profile/neuronPage';

const COLUMNS = [
  'list',
  'rank',
  'value',
  'percentile',
  'file',
  'record',
  'line',
  'column',
  'start',
  'end',
  'token',
  'context',
  'duplicates',
  'stale',
];

/** Every listed example of a page as CSV (RFC 4180), numbers plain and with full precision. */
export function examplesAsCsv(page: NeuronPage): string {
  const { top, bottom, bands, random } = page.examples;
  const lists: [string, readonly Example[]][] = [
    ['top', top],
    ['bottom', bottom],
    ...bands.map((band): [string, readonly Example[]] => [`band ${band.from}–${band.to}`, band.examples]),
    ['random', random],
  ];
  const rows = lists.flatMap(([list, examples]) =>
    examples.map((example, index) => [
      list,
      index + 1,
      example.value,
      example.percentile,
      example.file,
      example.record ?? '',
      example.line,
      example.column,
      example.start,
      example.end,
      example.token,
      example.context.text,
      example.duplicates,
      example.stale,
    ]),
  );
  return csvOf([COLUMNS, ...rows]);
}
