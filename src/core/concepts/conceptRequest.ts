import type { ActivationModel } from '../onnx/activationModel';
import type { StoredProfile } from '../profile/storedProfile';
import type { Tokenizer } from '../text/tokenizer';
import type { LabelFamily } from './labels/family';
import type { Labellers } from './labels/labellers';
import type { ByteProduct, MatrixProduct } from './screening/screen';

/** What concepts are tested with. */
export interface ConceptRequest {
  readonly stored: StoredProfile;
  readonly model: ActivationModel;
  readonly tokenizer: Tokenizer;
  readonly labellers: Labellers;
  readonly product: MatrixProduct;
  readonly byteProduct: ByteProduct;
  /** The concepts, given the file of every document. */
  readonly families: (files: readonly string[]) => readonly LabelFamily[];
  /** Neurons that each order chooses for a concept. */
  readonly neurons: number;
  /** First and last layer whose neurons are tested; null for all. */
  readonly layers: readonly [number, number] | null;
  /** q by Benjamini & Yekutieli instead of Benjamini & Hochberg. */
  readonly strict: boolean;
  readonly batchTokens: number;
  /** Memory that the values of the chosen neurons may take. */
  readonly valueBytes: number;
  readonly clock: () => number;
  readonly betweenBatches?: (() => Promise<void>) | undefined;
}

/** How far a run has come. */
export interface ConceptProgress {
  readonly step: 'labels' | 'choosing' | 'measuring' | 'figures';
  /** Tokens of the step, done and in all; of the last step concepts. */
  readonly done: number;
  readonly total: number;
}
