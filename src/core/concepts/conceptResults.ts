import { formatCount } from '../common/numberFormat';
import type { Quantity } from '../onnx/site';
import type { ByHalf } from './statistics/naming';
import type { Concept } from './concept';

/** A neuron chosen for a concept on half A, with its figures on half B (docs/methods.md, Figures). */
export interface ConceptNeuron {
  readonly id: string;
  readonly auroc: number;
  readonly low: number;
  readonly high: number;
  readonly ap: number;
  readonly precisionTop1: number;
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly meanDifference: number;
  readonly selectivity: number;
  /** AUROC against the tokens of the sibling concept alone: the hard negatives; absent without enough of them. */
  readonly siblingAuroc?: number;
  /** Of which q is made; absent in results of before it was kept, as `onA`. */
  readonly p?: number;
  readonly q: number;
  /** What it was chosen by, of the values of half A. */
  readonly onA?: FiguresOnA;
  /** Passes all bars of a name. */
  readonly named: boolean;
  /** The wider or narrower concept that names the neuron, where this one passes and explains less; else null. */
  readonly under: string | null;
}

/** The three figures by which half A puts neurons in order. */
export interface FiguresOnA {
  readonly auroc: number;
  readonly ap: number;
  readonly precisionTop1: number;
}

/** They in the order of tables. */
export const FIGURES_ON_A = ['auroc', 'ap', 'precisionTop1'] as const satisfies readonly (keyof FiguresOnA)[];

/** Its figures of half B in the order of tables. */
export const NEURON_FIGURES = [
  'auroc',
  'low',
  'high',
  'ap',
  'precisionTop1',
  'threshold',
  'precision',
  'recall',
  'meanDifference',
  'selectivity',
  'siblingAuroc',
  'p',
  'q',
] as const satisfies readonly (keyof ConceptNeuron)[];

/** The best neuron of a labelling that is none of the corpus's own: chosen on half A, with its AUROC and interval on B. */
export interface ControlWinner {
  readonly id: string;
  readonly auroc: number;
  readonly low: number;
  readonly high: number;
}

/** What regressions on k neurons reach on half B. */
export interface ProbeFigures {
  readonly k: readonly number[];
  readonly auroc: readonly number[];
  readonly ap: readonly number[];
}

/** What a regression on all neurons of a layer reaches on half B. */
export interface WholeLayer {
  /** The one that has the strongest neuron on half A, such as `L3`. */
  readonly layer: string;
  readonly neurons: number;
  readonly auroc: number;
  readonly ap: number;
}

/** Regressions on the chosen neurons. */
export interface ManyNeurons extends ProbeFigures {
  /** Beside them; absent in results of before there was one. */
  readonly whole?: WholeLayer;
  /** AUROC of the control labels, from the control's best neurons. */
  readonly shuffled: readonly number[];
}

/** Everything that is known of a concept on a corpus: the `concepts` of docs/cli.md. */
export interface ConceptResult extends Pick<
  Concept,
  'name' | 'family' | 'source' | 'pattern' | 'tag' | 'sibling'
> {
  /** Why there are no figures, or null. */
  readonly refused: string | null;
  readonly positives: ByHalf;
  readonly documents: ByHalf;
  /** Share of the tokens of both halves. */
  readonly share: number;
  /** Tokens that a span covers in part. */
  readonly split: number;
  readonly chanceMaximum: number | null;
  readonly control: ControlWinner | null;
  /** Kendall's τ-b between the orders by AUROC, AP and precision in the top 1 % on half A, over the chosen. */
  readonly agreement: readonly (number | null)[];
  readonly neurons: readonly ConceptNeuron[];
  readonly many: ManyNeurons | null;
}

/** A name that a neuron carries. */
export interface NeuronName {
  readonly concept: string;
  readonly auroc: number;
  readonly ap: number;
}

/** How a test chose its neurons and corrected its p. */
export interface TestSettings {
  /** Neurons that each order chooses for a concept. */
  readonly neurons: number;
  /** First and last layer whose neurons are tested; null for all. */
  readonly layers: readonly [number, number] | null;
  /** q by Benjamini & Yekutieli instead of Benjamini & Hochberg. */
  readonly strict: boolean;
}

/** The answer of a run over all concepts and neurons. */
export interface ConceptResults {
  readonly version: 1;
  readonly created: string;
  readonly quantity: Quantity;
  /** Absent in results of before it was kept, as `seconds`. */
  readonly settings?: TestSettings;
  /** How long the test took. */
  readonly seconds?: number;
  /** Tokens in each half, documents (or stretches) in each, and whether documents were cut into stretches. */
  readonly halves: {
    readonly tokens: ByHalf;
    readonly documents: ByHalf;
    readonly cut: boolean;
    /** Neurons whose values were to find room, which decides how many documents are taken; absent before it was kept. */
    readonly room?: number;
    /** Tokens of documents that found no room in memory; absent where there are none. */
    readonly leftOut?: number;
  };
  /** The run was stopped: concepts that it did not come to are refused with that reason. */
  readonly partial?: true;
  /** Documents that a labeller did not come to an end with. */
  readonly abandoned: number;
  readonly concepts: readonly ConceptResult[];
  readonly named: { readonly neurons: number; readonly of: number };
  /** By neuron. */
  readonly names: Readonly<Record<string, NeuronName>>;
}

/** Says what a run left out for want of memory; null where that is nothing. */
export function leftOutSentence({
  halves: { leftOut = 0, cut },
}: Pick<ConceptResults, 'halves'>): string | null {
  if (leftOut === 0) return null;
  return (
    `${formatCount(leftOut)} tokens of further ${cut ? 'stretches of documents' : 'documents'} were left out: ` +
    'the values of the chosen neurons would not have found room in memory. Fewer concepts at once leave room for more.'
  );
}
