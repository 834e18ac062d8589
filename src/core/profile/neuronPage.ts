import type { Part } from '../common/neuronAddress';
import type { ActivationFunction, Quantity } from '../onnx/site';
import type { NeuronStatistics } from '../stats/describeNeuron';
import type { Reading } from '../stats/reading';
import type { StrongToken } from '../stats/strongestTokens';
import type { CarriedManifest } from './manifest';

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
  /** The file changed since it was profiled, or is gone. */
  readonly stale: boolean;
  /** The file is gone. */
  readonly missing: boolean;
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

/** What is known of one neuron but its examples. */
export interface NeuronFacts {
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
  /** At most three, with most of the mass first; none of a dead or constant neuron. */
  readonly strongestTokens: readonly StrongToken[];
  /** Every bin over the occupied range, at most 672: `edges` has one entry more than `counts`. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  readonly manifest: CarriedManifest;
}

/** The lists of a neuron's examples. */
export interface ExampleLists {
  readonly top: readonly Example[];
  readonly bottom: readonly Example[];
  readonly bands: readonly Band[];
  readonly random: readonly Example[];
}

export type ExampleListName = keyof ExampleLists;

/** The stored examples of a range of values, or some of them. */
export interface RangeExamples {
  /** Largest first. */
  readonly examples: readonly Example[];
  /** How many places of the range are stored. */
  readonly stored: number;
}

/** All that is known of one neuron: `neuron --json`, the webview page and the report show what this object holds. */
export interface NeuronPage extends NeuronFacts {
  readonly examples: ExampleLists;
}
