import type { ActivationModel } from '../onnx/activationModel';
import type { StoredProfile } from '../profile/storedProfile';
import type { Tokenizer } from '../text/tokenizer';
import type { TestSettings } from './conceptResults';
import type { LabelFamily } from './labels/family';
import type { Labellers } from './labels/labellers';
import type { ByteProduct, MatrixProduct } from './screening/screen';

/** What concepts are tested with. */
export interface ConceptRequest extends TestSettings {
  readonly stored: StoredProfile;
  readonly model: ActivationModel;
  readonly tokenizer: Tokenizer;
  readonly labellers: Labellers;
  readonly product: MatrixProduct;
  readonly byteProduct: ByteProduct;
  /** The concepts, given the file of every document. */
  readonly families: (files: readonly string[]) => readonly LabelFamily[];
  readonly batchTokens: number;
  /** Memory that the values of the chosen neurons may take. */
  readonly valueBytes: number;
  /** Names of the concepts that are measured, where that is not all that are labelled. */
  readonly only?: ReadonlySet<string>;
  /** Neurons whose values were to find room in the test that this stands beside: both then have the same halves. */
  readonly room?: number;
  readonly clock: () => number;
  readonly betweenBatches?: (() => Promise<void>) | undefined;
}

/** What a test does one after the other; a control makes a profile of its own first. */
export const CONCEPT_STEPS = ['profile', 'labels', 'choosing', 'measuring', 'figures'] as const;

/** How far a run has come. */
export interface ConceptProgress {
  readonly step: (typeof CONCEPT_STEPS)[number];
  /** Tokens of the step, done and in all; of the last step concepts. */
  readonly done: number;
  readonly total: number;
}
