import { randomOf, wholeBelow } from '../common/random';

/** Sums of one document: losses without and with each of several changes. */
interface DocumentSums {
  tokens: number;
  before: number;
  /** [changes] */
  readonly after: Float64Array;
}

/** The change of the loss over some tokens. */
export interface LossChange {
  readonly tokens: number;
  readonly documents: number;
  /** Means over the tokens, in nats. */
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** 95 % interval of the change, by drawing documents; null with fewer than two. */
  readonly low: number | null;
  readonly high: number | null;
  /** The change by each of the other changes, in their order. */
  readonly controls: readonly number[];
}

/** Times that as many documents are drawn as there are. */
const DRAWS = 2000;
const [LOW, HIGH] = [0.025, 0.975];

/** Adds up the losses of tokens by document: of the first change, and of others that it is compared with. */
export class LossChanges {
  private readonly documents = new Map<string, DocumentSums>();

  /** @param changes how many there are, the one that is looked at first */
  constructor(private readonly changes: number) {}

  /** @param after the loss by each change */
  add(document: string, before: number, after: ArrayLike<number>): void {
    let sums = this.documents.get(document);
    if (!sums) {
      sums = { tokens: 0, before: 0, after: new Float64Array(this.changes) };
      this.documents.set(document, sums);
    }
    sums.tokens += 1;
    sums.before += before;
    for (let change = 0; change < this.changes; change++) sums.after[change]! += after[change]!;
  }

  /** @returns null without a token */
  summary(seed: number): LossChange | null {
    const all = [...this.documents.values()];
    const total = (of: (sums: DocumentSums) => number): number => all.reduce((sum, one) => sum + of(one), 0);
    const tokens = total((sums) => sums.tokens);
    if (tokens === 0) return null;
    const before = total((sums) => sums.before) / tokens;
    const means = Array.from(
      { length: this.changes },
      (_, change) => total((sums) => sums.after[change]!) / tokens,
    );
    const [after = before, ...others] = means;
    const [low, high] = this.interval(all, seed);
    return {
      ...{ tokens, documents: all.length, before, after, change: after - before, low, high },
      controls: others.map((mean) => mean - before),
    };
  }

  private interval(all: readonly DocumentSums[], seed: number): [number | null, number | null] {
    if (all.length < 2) return [null, null];
    const random = randomOf(`${seed} documents`);
    const drawn = Float64Array.from({ length: DRAWS }, () => {
      let [tokens, change] = [0, 0];
      for (let draw = 0; draw < all.length; draw++) {
        const sums = all[wholeBelow(random, all.length)]!;
        tokens += sums.tokens;
        change += sums.after[0]! - sums.before;
      }
      return change / tokens;
    }).sort();
    const at = (share: number): number => drawn[Math.round(share * (DRAWS - 1))]!;
    return [at(LOW), at(HIGH)];
  }
}
