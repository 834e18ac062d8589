/** Tokens `[first, end)` of a document. */
export interface TokenRange {
  readonly first: number;
  readonly end: number;
}

const PARTIAL = /^(.*)\[(\d+):(\d+)\]$/s;

/** The name of a unit in the manifest: a document's key when all of it is held, else `key[first:end]`. */
export function unitName(key: string, range: TokenRange | null): string {
  // A key that looks like a part of a document is written with brackets of its own, so that it reads back as itself.
  if (range === null) return PARTIAL.test(key) ? `${key}[0:${Number.MAX_SAFE_INTEGER}]` : key;
  return `${key}[${range.first}:${range.end}]`;
}

/** What of a corpus a profile already holds. */
export class HeldUnits {
  private readonly whole = new Set<string>();
  private readonly parts = new Map<string, TokenRange[]>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.add(name);
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

  /** Documents of which any token is held. */
  get documents(): number {
    return this.whole.size + [...this.parts.keys()].filter((key) => !this.whole.has(key)).length;
  }

  /** @returns the first of some units of which a token is held, or null. */
  overlapWith(names: Iterable<string>): string | null {
    for (const name of names) {
      const others = new HeldUnits([name]);
      for (const key of others.whole) if (this.knows(key)) return name;
      for (const [key, [range]] of others.parts) {
        const held = this.parts.get(key) ?? [];
        if (this.whole.has(key) || held.some(({ first, end }) => first < range!.end && range!.first < end))
          return name;
      }
    }
    return null;
  }

  /** Whether anything of a document is held. */
  knows(key: string): boolean {
    return this.whole.has(key) || this.parts.has(key);
  }

  add(name: string): void {
    const match = PARTIAL.exec(name);
    const end = Number(match?.[3]);
    if (!match) this.whole.add(name);
    else if (end === Number.MAX_SAFE_INTEGER) this.whole.add(match[1]!);
    else {
      const key = match[1]!;
      this.parts.set(key, [...(this.parts.get(key) ?? []), { first: Number(match[2]), end }]);
    }
  }
}
