/** What draws histograms. Chart.js comes with it: to be imported behind the first paint. */
export { histogramPng } from '../export/histogramPng';
export { drawHistogram } from './histogramChart';
