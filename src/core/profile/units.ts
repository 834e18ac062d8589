/** Tokens `[first, end)` of a document. */
export interface TokenRange {
  readonly first: number;
  readonly end: number;
}

/** What is held of a document: some ranges of its tokens, or all of it however many it has (null). */
export type HeldTokens = readonly TokenRange[] | null;

/** A document of which something is held. */
export interface Unit {
  readonly key: string;
  readonly held: HeldTokens;
}

/** How a unit is called where one is named: its document's key, with the tokens where it is not whole. */
export function unitName({ key, held }: Unit): string {
  return held === null ? key : `${key}[${writeRanges(held)}]`;
}

/** `0:31,62:93` */
export function writeRanges(ranges: readonly TokenRange[]): string {
  return ranges.map(({ first, end }) => `${first}:${end}`).join(',');
}

/** @throws Error where the text is no list of ranges. */
export function readRanges(text: string): TokenRange[] {
  if (text === '') return [];
  return text.split(',').map((range) => {
    const match = /^(\d+):(\d+)$/.exec(range);
    if (!match) throw new Error('what it holds of a document is not as it should be');
    return { first: Number(match[1]), end: Number(match[2]) };
  });
}

/** What two parts that share no token hold of a document together: ranges that meet become one. */
export function joinHeld(a: HeldTokens, b: HeldTokens): HeldTokens {
  if (a === null || b === null) return null;
  const joined: TokenRange[] = [];
  for (const range of [...a, ...b].sort((one, other) => one.first - other.first)) {
    const last = joined.at(-1);
    if (last?.end === range.first) joined[joined.length - 1] = { first: last.first, end: range.end };
    else joined.push(range);
  }
  return joined;
}

/** What of a corpus a profile already holds. */
export class HeldUnits {
  private readonly whole = new Set<string>();
  private readonly parts = new Map<string, readonly TokenRange[]>();

  constructor(units: Iterable<Unit>) {
    for (const unit of units) this.add(unit);
  }

  /** Whether all of a document is held, however many tokens it has. */
  holds(key: string): boolean {
    return this.whole.has(key);
  }

  /** Whether the tokens `[first, end)` of a document are held. */
  holdsRange(key: string, { first, end }: TokenRange): boolean {
    if (this.whole.has(key)) return true;
    return (this.parts.get(key) ?? []).some((part) => part.first <= first && end <= part.end);
  }

  /** Whether anything of a document is held. */
  knows(key: string): boolean {
    return this.whole.has(key) || this.parts.has(key);
  }

  /** Documents of which any token is held. */
  get documents(): number {
    return this.whole.size + this.parts.size;
  }

  /** Whether a token of a unit is held. */
  overlaps({ key, held }: Unit): boolean {
    const known = this.parts.get(key);
    if (this.whole.has(key) || !known) return this.whole.has(key);
    return (
      held === null ||
      held.some(({ first, end }) => known.some((part) => part.first < end && first < part.end))
    );
  }

  add({ key, held }: Unit): void {
    if (this.whole.has(key) || held?.length === 0) return;
    if (held === null) {
      this.whole.add(key);
      this.parts.delete(key);
    } else this.parts.set(key, joinHeld(this.parts.get(key) ?? [], held)!);
  }
}
