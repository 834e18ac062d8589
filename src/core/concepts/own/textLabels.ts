import type { FileLabel, OwnConcept } from './ownConcept';

/** A concept whose labels come from the editor that asks for it: where it is found, file by file. */
export interface TextLabels {
  readonly name: string;
  readonly source: 'editor' | 'git';
  /** What said so, as it is shown. */
  readonly pattern: string;
  readonly files: readonly {
    readonly file: string;
    /** `[start, end)` in UTF-16 units of the file's text, one pair after the other. */
    readonly bounds: Uint32Array;
  }[];
}

/** Gathers spans by the name of their concept and their file; those that touch become one. */
export class LabelSpans {
  private readonly byName = new Map<string, Map<string, number[]>>();

  constructor(
    private readonly source: TextLabels['source'],
    private readonly pattern: string,
  ) {}

  /** Spans of a concept come in the order of the file. */
  add(name: string, file: string, start: number, end: number): void {
    if (end <= start) return;
    const files = this.byName.get(name) ?? new Map<string, number[]>();
    this.byName.set(name, files);
    const bounds = files.get(file);
    if (!bounds) files.set(file, [start, end]);
    else if (bounds.at(-1) === start) bounds[bounds.length - 1] = end;
    else bounds.push(start, end);
  }

  labels(): TextLabels[] {
    const { source, pattern } = this;
    return [...this.byName].map(([name, files]) => ({
      ...{ name, source, pattern },
      files: [...files].map(([file, bounds]) => ({ file, bounds: Uint32Array.from(bounds) })),
    }));
  }
}

/** As a concept that is tested like the reader's own. */
export function conceptOfLabels({ name, source, pattern, files }: TextLabels): OwnConcept {
  const labels = files.map(({ file, bounds }): [string, FileLabel[]] => [
    file,
    Array.from({ length: bounds.length >> 1 }, (_, at) => ({
      ...{ record: null, line: 0 },
      part: { kind: 'span', span: { start: bounds[2 * at]!, end: bounds[2 * at + 1]! } },
    })),
  ]);
  return { kind: 'labels', name, source, pattern, labels: new Map(labels) };
}
