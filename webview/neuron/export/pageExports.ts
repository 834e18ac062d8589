/** What writes a page in other forms: to be imported when one is asked for, as few readers do. */
export { examplesAsCsv } from '../../../src/core/report/examplesCsv';
export { pageAsMarkdown } from '../../../src/core/report/pageMarkdown';
export { histogramSvg } from './histogramSvg';
