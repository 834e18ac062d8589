import type { Part } from '../common/neuronAddress';
import type { ActivationFunction, Quantity } from '../onnx/site';
import type { NeuronStatistics } from '../stats/describeNeuron';
import type { Reading } from '../stats/reading';
import type { Manifest } from './manifest';

/** A token of an example's context. `value` is null where the neuron's activation there was not kept. */
export interface ContextToken {
  /** UTF-16 offsets in the same coordinates as the example's. */
  readonly start: number;
  readonly end: number;
  readonly value: number | null;
}

/** `EX` of docs/cli.md: one place in a file where the neuron took `value`. */
export interface Example {
  readonly value: number;
  /** Share of the population below this value, in percent. */
  readonly percentile: number;
  readonly file: string;
  readonly record: number | null;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly token: string;
  readonly tokenId: number;
  readonly context: {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    readonly tokens: readonly ContextToken[];
  };
  /** Stored candidates folded into this one because their ±8 tokens are the same. */
  readonly duplicates: number;
  /** The file changed since it was profiled. */
  readonly stale: boolean;
}

/** Examples drawn from one quantile band of the population. */
export interface Band {
  readonly from: number;
  readonly to: number;
  /** Values at the band's limits. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly share: number;
  /** Share of Σ|act| in the band. */
  readonly mass: number;
  readonly examples: readonly Example[];
}

/** All that is known of one neuron: `neuron --json`, the webview page and the report all show this object. */
export interface NeuronPage {
  readonly neuron: {
    readonly id: string;
    readonly layer: number;
    readonly part: Part;
    readonly index: number;
    readonly block?: number;
    readonly expert?: number;
    /** Of this neuron's own FFN; the manifest names all that the model has. */
    readonly activation: ActivationFunction;
    readonly gated: boolean;
  };
  readonly quantity: Quantity;
  readonly stats: NeuronStatistics;
  readonly reading: Reading;
  /** Every bin over the occupied range, at most 480: `edges` has one entry more than `counts`. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  readonly examples: {
    readonly top: readonly Example[];
    readonly bottom: readonly Example[];
    readonly bands: readonly Band[];
    readonly random: readonly Example[];
  };
  readonly manifest: Manifest;
}
