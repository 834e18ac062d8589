/**
 * What a mark is about; each painter has a colour for it: what is looked at, what that is held against, and controls and
 * counts (docs/design.md, Rules for all screens).
 */
export type Ink = 'subject' | 'against' | 'control' | 'words' | 'dim' | 'grid';

export type Point = readonly [x: number, y: number];

/** Something that is painted, in pixels from the upper left corner. */
export type Mark =
  | {
      readonly kind: 'line';
      readonly ink: Ink;
      readonly points: readonly Point[];
      readonly dashed?: boolean;
      readonly width?: number;
    }
  | { readonly kind: 'area'; readonly ink: Ink; readonly points: readonly Point[] }
  | {
      readonly kind: 'dot';
      readonly ink: Ink;
      readonly at: Point;
      readonly radius: number;
      /** 1 where nothing is said. */
      readonly opacity?: number;
    }
  | {
      readonly kind: 'words';
      readonly ink: Ink;
      readonly at: Point;
      readonly text: string;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly bold?: boolean;
      /** Read from below to above. */
      readonly turned?: boolean;
    };

/** A place of a picture that can be read on its own, such as a bar. */
export interface Stop {
  readonly x: number;
  /** Of a point; what stands over the whole height has none. */
  readonly y?: number;
  readonly words: string;
  /** Id of the neuron that it opens. */
  readonly neuron?: string;
}

/** A chart as marks, whoever paints it: the page, an SVG file or a PNG file. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** From left to right. */
  readonly stops: readonly Stop[];
  /** Upper and lower end of the line that marks the stop that is read. */
  readonly reach: readonly [top: number, bottom: number];
}

/** Size that a picture is drawn at. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FONT_SIZE = 11;
/** A width of words that is rather too large than too small. */
const WIDTH_OF_CHARACTER = 0.56 * FONT_SIZE;

export function widthOf(text: string): number {
  return WIDTH_OF_CHARACTER * text.length;
}

/** The stop nearest to a place. @returns −1 where there is none */
export function stopNear({ stops }: Picture, x: number, y: number): number {
  const distance = (stop: Stop): number => Math.hypot(stop.x - x, (stop.y ?? y) - y);
  return stops.reduce(
    (best, stop, at) => (best < 0 || distance(stop) < distance(stops[best]!) ? at : best),
    -1,
  );
}

/** Points as SVG has them: `12,3.5 14,7`. */
export function listed(points: readonly Point[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
}

function round(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}
