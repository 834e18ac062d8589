import { Chart } from 'chart.js';
import type { ThemeColours } from '../../common/themeColours';
import type { Distribution } from '../distribution/distribution';
import { histogramChart } from '../distribution/histogramChart';

const WIDTH = 800;
const HEIGHT = 320;
const PIXEL_RATIO = 2;

/** The histogram as a PNG file at twice the resolution of a screen. @returns base64 */
export function histogramPng(distribution: Distribution, colours: ThemeColours): string {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const silent = { hover: () => undefined, choose: () => undefined, describe: () => '' };
  const focus = { cursor: -1, chosen: -1, listed: [] };
  const chart = histogramChart({ distribution, counts: 'log', focus }, colours, silent);
  const paper = {
    id: 'paper',
    beforeDraw: ({ ctx, width, height }: Chart): void => {
      ctx.fillStyle = colours.background;
      ctx.fillRect(0, 0, width, height);
    },
  };
  const drawn = new Chart(canvas, {
    ...chart,
    plugins: [paper, ...(chart.plugins ?? [])],
    options: { ...chart.options, responsive: false, devicePixelRatio: PIXEL_RATIO },
  });
  const [, base64 = ''] = drawn.toBase64Image('image/png').split(',');
  drawn.destroy();
  return base64;
}
