import type { Random } from '../../../src/core/common/random';

export interface SimulatedCorpus {
  readonly values: Float32Array;
  readonly labels: Uint8Array;
  /** [n] number of each token's document. */
  readonly documents: Uint32Array;
  readonly spans: readonly { start: number; end: number }[];
}

/** A number from the standard normal distribution. */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Documents of unequal size, each with a level and a share of positives of its own; values and labels come in runs.
 * @param effect by how much positives lie higher. @param run how much of a token's noise the one before it had
 */
export function simulateCorpus(random: Random, documents: number, effect: number, run = 0): SimulatedCorpus {
  const [values, labels, of]: number[][] = [[], [], []];
  const spans: { start: number; end: number }[] = [];
  for (let document = 0; document < documents; document++) {
    const start = values!.length;
    const tokens = Math.round(60 * Math.exp(gaussian(random)));
    const level = 0.5 * gaussian(random);
    const share = 1 / (1 + Math.exp(2 - gaussian(random)));
    let [noise, label] = [gaussian(random), random() < share];
    for (let token = 0; token < tokens; token++) {
      noise = run * noise + Math.sqrt(1 - run * run) * gaussian(random);
      if (random() >= run) label = random() < share;
      values!.push(level + noise + (label ? effect : 0));
      labels!.push(label ? 1 : 0);
      of!.push(document);
    }
    spans.push({ start, end: values!.length });
  }
  return {
    values: Float32Array.from(values!),
    labels: Uint8Array.from(labels!),
    documents: Uint32Array.from(of!),
    spans,
  };
}
