import type { AblationAnswer } from '../../../src/core/cause/ablationAnswer';
import { medianOf } from '../../../src/core/common/median';
import { formatPowerOfTen, formatValue } from '../../../src/core/common/numberFormat';
import {
  FONT_SIZE,
  type Mark,
  type Picture,
  type Point,
  type Size,
  widthOf,
} from '../../common/pictures/picture';
import { changeOf } from '../../../src/core/cause/ablationFigures';

const [TOP, BELOW, SIDE] = [22, 34, 14];
/** Heights of the dots in turn, as shares, so that near ones do not cover each other. */
const LANES = [0.5, 0.32, 0.68, 0.2, 0.8];

const MEDIAN_WORDS = 'controls, median';

/** The least size that a log axis shows, where one is 0. */
const FLOOR = 1e-12;

/** The changes of the controls and of the chosen neurons on one log axis. */
export function controlsPicture(answer: AblationAnswer, neurons: readonly string[], size: Size): Picture {
  const own = changeOf(answer);
  const controls = answer.controls.map(({ change }) => change);
  const all = [own, ...controls].filter((change) => change > FLOOR);
  const low = Math.floor(Math.log10(Math.min(...all, 1)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all, FLOOR))));
  const [left, right, bottom] = [SIDE, size.width - SIDE, size.height - BELOW];
  const x = (change: number): number => {
    const power = Math.log10(Math.max(change, 10 ** low));
    return left + ((power - low) / (high - low)) * (right - left);
  };
  const y = (lane: number): number => TOP + lane * (bottom - TOP);
  const middle = medianOf(controls);
  const at: Point = [x(own), y(0.5)];
  const step = Math.max(1, Math.ceil((high - low) / Math.floor((right - left) / 56)));
  const powers = Array.from(
    { length: Math.floor((high - low) / step) + 1 },
    (_, index) => low + index * step,
  );
  const inside = (place: number, text: string): number => {
    const half = widthOf(text) / 2;
    return Math.min(size.width - half, Math.max(half, place));
  };
  const near = Math.abs(x(middle) - at[0]) < widthOf(MEDIAN_WORDS);
  const marks: Mark[] = [
    {
      kind: 'line',
      ink: 'dim',
      points: [
        [left, bottom],
        [right, bottom],
      ],
    },
    ...powers.map((power): Mark => ({
      ...{ kind: 'words', ink: 'dim', anchor: 'middle', text: powerWords(power) },
      at: [
        inside(left + ((power - low) / (high - low)) * (right - left), powerWords(power)),
        bottom + FONT_SIZE + 5,
      ],
    })),
    {
      ...{ kind: 'words', ink: 'dim', anchor: 'middle', text: `${measureOf(answer)} (log)` },
      at: [(left + right) / 2, size.height - 3],
    },
    ...controls.map((change, index): Mark => ({
      ...{ kind: 'dot', ink: 'control', radius: 4 },
      at: [x(change), y(LANES[index % LANES.length]!)],
    })),
    {
      kind: 'line',
      ink: 'words',
      dashed: true,
      width: 1.5,
      points: [
        [x(middle), TOP],
        [x(middle), bottom],
      ],
    },
    ...(near
      ? []
      : [
          {
            ...{ kind: 'words', ink: 'words', anchor: 'middle', text: MEDIAN_WORDS },
            at: [inside(x(middle), MEDIAN_WORDS), TOP - 8],
          } satisfies Mark,
        ]),
    {
      kind: 'line',
      ink: 'subject',
      width: 2,
      points: [
        [at[0], TOP],
        [at[0], bottom],
      ],
    },
    { kind: 'area', ink: 'subject', points: diamond(at) },
    { kind: 'words', ink: 'words', anchor: 'middle', text: 'chosen', at: [inside(at[0], 'chosen'), TOP - 8] },
  ];
  const stops = [
    ...answer.controls.map(({ neurons: ids, change }) => ({
      x: x(change),
      words: `${ids.join(', ')}: ${formatValue(change)}`,
    })),
    { x: at[0], words: `chosen, ${neurons.join(', ')}: ${formatValue(own)}` },
  ].sort((a, b) => a.x - b.x);
  return { ...size, reach: [TOP, bottom], marks, stops };
}

/** What is compared, with its unit. */
export function measureOf({ cosine }: AblationAnswer): string {
  return cosine ? '1 − cosine of the sentence vector' : 'KL divergence, nats';
}

function diamond([x, y]: Point): Point[] {
  return [
    [x, y - 6],
    [x + 6, y],
    [x, y + 6],
    [x - 6, y],
  ];
}

function powerWords(power: number): string {
  return power >= -3 && power <= 2 ? String(10 ** power) : formatPowerOfTen(power);
}
