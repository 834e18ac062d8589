import { formatSite } from '../common/neuronAddress';
import { randomOf, shuffle } from '../common/random';
import type { ActivationModel, SiteActivations } from '../onnx/activationModel';
import type { ConceptCandidates } from './candidates';
import type { WholeLayer } from './conceptResults';
import type { LabelledCorpus } from './labelledCorpus';
import type { MatrixProduct } from './screening/screen';
import { auroc } from './statistics/auroc';
import { denseProbe } from './statistics/denseProbe';
import { rank } from './statistics/ranking';
import { averagePrecision, thresholdCurve } from './statistics/thresholds';
import type { NumberedRows } from './tokenWalk';

/** Bytes of activations that the regressions of all concepts are fitted on. */
const KEPT_BYTES = 128 * 2 ** 20;
/** Tokens of each class that one is fitted on. */
const MOST_TOKENS = 300;
const FEWEST_TOKENS = 50;

/** A concept, the tokens of half A that stand for it, and what its layer makes of half B. */
interface Asked {
  readonly concept: number;
  readonly table: number;
  readonly fitted: readonly number[];
  /** [tokens of B] */
  readonly scores: Float32Array;
}

/** The tokens of half A that are kept of one table, all neurons of each. */
interface KeptRows {
  readonly rowOf: ReadonlyMap<number, number>;
  readonly values: Float32Array;
}

/**
 * Of each concept a regression on all neurons of the layer that has its best: beside it one sees whether a few neurons
 * tell all that the layer knows. It is fitted on tokens of half A, and half B is scored as it is run.
 */
export class WholeLayers {
  private readonly asked: readonly Asked[];
  private readonly kept = new Map<number, KeptRows>();
  /** By table: [neurons × concepts asked there] */
  private readonly weights = new Map<number, Float32Array>();

  constructor(
    private readonly outputs: ActivationModel['outputs'],
    private readonly corpus: LabelledCorpus,
    candidates: readonly ConceptCandidates[],
    private readonly product: MatrixProduct,
  ) {
    const order = shuffle(
      Array.from({ length: corpus.inA }, (_, token) => token),
      randomOf('whole layers'),
    );
    const widest = Math.max(...outputs.map(({ site }) => site.dFf));
    const room = Math.floor(KEPT_BYTES / (4 * widest * Math.max(1, candidates.length)));
    const most = Math.min(MOST_TOKENS, Math.max(FEWEST_TOKENS, room));
    this.asked = candidates.map(({ concept, neurons: [best] }) => ({
      concept,
      table: best!.table,
      fitted: firstOfBoth(order, corpus.labels[concept]!, most),
      scores: new Float32Array(corpus.tokens - corpus.inA),
    }));
    for (const table of new Set(this.asked.map((one) => one.table))) {
      const tokens = new Set(this.askedOf(table).flatMap(({ fitted }) => fitted));
      this.kept.set(table, {
        rowOf: new Map([...tokens].map((token, row) => [token, row])),
        values: new Float32Array(tokens.size * outputs[table]!.site.dFf),
      });
    }
  }

  /** Takes tokens of half A in. */
  keep(table: number, { values, site }: SiteActivations, { rows, numbers }: NumberedRows): void {
    const kept = this.kept.get(table);
    if (!kept) return;
    for (let i = 0; i < rows.length; i++) {
      const row = kept.rowOf.get(numbers[i]!);
      if (row === undefined) continue;
      const from = rows[i]! * site.dFf;
      for (let neuron = 0; neuron < site.dFf; neuron++) {
        kept.values[row * site.dFf + neuron] = finite(values[from + neuron]!);
      }
    }
  }

  /** Fits every regression, after half A and before half B. */
  async fit(betweenFits?: () => Promise<void>): Promise<void> {
    for (const [table, { rowOf, values }] of this.kept) {
      const width = this.outputs[table]!.site.dFf;
      const asked = this.askedOf(table);
      const weights = new Float32Array(width * asked.length);
      for (const [i, { concept, fitted }] of asked.entries()) {
        const rows = fitted.map((token) => values.subarray(rowOf.get(token)! * width).subarray(0, width));
        const { features, scales } = standardised(rows, width);
        const labels = Uint8Array.from(fitted, (token) => this.corpus.labels[concept]![token]!);
        const found = await denseProbe({ features, labels, width }, this.product);
        found.forEach((weight, neuron) => (weights[neuron * asked.length + i] = weight / scales[neuron]!));
        await betweenFits?.();
      }
      this.weights.set(table, weights);
    }
    this.kept.clear();
  }

  /** Scores tokens of half B. */
  async score(
    table: number,
    { values, site }: SiteActivations,
    { rows, numbers }: NumberedRows,
  ): Promise<void> {
    const weights = this.weights.get(table);
    if (!weights) return;
    const asked = this.askedOf(table);
    const wanted = new Float32Array(rows.length * site.dFf);
    for (let i = 0; i < rows.length; i++) {
      wanted.set(values.subarray(rows[i]! * site.dFf, (rows[i]! + 1) * site.dFf), i * site.dFf);
    }
    const scores = await this.product(wanted, weights, site.dFf);
    numbers.forEach((number, i) => {
      for (const [at, one] of asked.entries()) {
        one.scores[number - this.corpus.inA] = finite(scores[i * asked.length + at]!);
      }
    });
  }

  /** What the layer reaches on half B. */
  figuresOf(concept: number): WholeLayer {
    const { table, scores } = this.asked.find((one) => one.concept === concept)!;
    const { site } = this.outputs[table]!;
    const held = this.corpus.labels[concept]!.subarray(this.corpus.inA);
    const ranking = rank(scores);
    return {
      layer: formatSite(site),
      neurons: site.dFf,
      auroc: auroc(ranking.midranks, held),
      ap: averagePrecision(thresholdCurve(ranking, held)),
    };
  }

  private askedOf(table: number): readonly Asked[] {
    return this.asked.filter((one) => one.table === table);
  }
}

/** The first tokens of an order with a label, and the first without: concepts share most of the latter. */
function firstOfBoth(order: readonly number[], labels: Uint8Array, most: number): number[] {
  return [1, 0].flatMap((label) => {
    const first: number[] = [];
    for (const token of order) {
      if (first.length === most) break;
      if (labels[token] === label) first.push(token);
    }
    return first;
  });
}

/** Rows as features of mean 0 and spread 1; those that are the same everywhere stay 0. */
function standardised(
  rows: readonly Float32Array[],
  width: number,
): { features: Float32Array; scales: Float64Array } {
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  for (const row of rows) for (let neuron = 0; neuron < width; neuron++) means[neuron]! += row[neuron]!;
  for (let neuron = 0; neuron < width; neuron++) means[neuron]! /= rows.length;
  for (const row of rows) {
    for (let neuron = 0; neuron < width; neuron++) scales[neuron]! += (row[neuron]! - means[neuron]!) ** 2;
  }
  for (let neuron = 0; neuron < width; neuron++) {
    scales[neuron] = Math.sqrt(scales[neuron]! / rows.length) || 1;
  }
  const features = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let neuron = 0; neuron < width; neuron++) {
      features[i * width + neuron] = (row[neuron]! - means[neuron]!) / scales[neuron]!;
    }
  });
  return { features, scales };
}

/** Infinite values and what is no number tell least at 0. */
function finite(value: number): number {
  return value - value === 0 ? value : 0;
}
