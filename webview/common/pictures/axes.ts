import { FONT_SIZE, type Mark, type Point, type Size, widthOf } from './picture';

/** The part of a picture that lies between its axes. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a value of an axis lies, with its words. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

const BELOW = 36;
const TITLE = 16;
const GAP = 6;

/** The area that room is left for, with the ticks' words at the left and below. */
export function areaOf({ width, height }: Size, widest: readonly string[], top: number): Area {
  const words = Math.max(...widest.map(widthOf));
  return { left: TITLE + words + GAP, right: width - 10, top, bottom: height - BELOW };
}

/** Lines across the area at the ticks of the upright axis, and the words of both axes. */
export function axes(
  area: Area,
  across: { readonly ticks: readonly Tick[]; readonly title: string },
  upright: { readonly ticks: readonly Tick[]; readonly title: string },
): Mark[] {
  const { left, right, top, bottom } = area;
  const line = (from: Point, to: Point, ink: 'grid' | 'dim'): Mark => ({
    ...{ kind: 'line', ink, points: [from, to], width: 1 },
  });
  const words = (text: string, at: Point, anchor: 'middle' | 'end', turned = false): Mark => ({
    ...{ kind: 'words', ink: 'dim', at, text, anchor, turned },
  });
  return [
    ...upright.ticks.map(({ at }) => line([left, at], [right, at], 'grid')),
    line([left, bottom], [right, bottom], 'dim'),
    ...upright.ticks.map(({ at, text }) => words(text, [left - GAP, at + FONT_SIZE / 3], 'end')),
    ...across.ticks.map(({ at, text }) => words(text, [at, bottom + GAP + FONT_SIZE], 'middle')),
    words(across.title, [(left + right) / 2, bottom + BELOW - GAP], 'middle'),
    words(upright.title, [FONT_SIZE, (top + bottom) / 2], 'middle', true),
  ];
}
