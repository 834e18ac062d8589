import type { LossChange } from './lossChanges';

/** A token, and how its loss changed. */
export interface ChangedToken {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly token: string;
  readonly before: number;
  readonly after: number;
}

/** All tokens; those predicted from the neuron's top band, and the rest; those that carry a concept, and the rest. */
export const TOKEN_GROUPS = ['all', 'topBand', 'rest', 'concept', 'withoutConcept'] as const;

/** A group of tokens with the change of its loss, beside that by the controls. */
export interface GroupChange extends LossChange {
  readonly group: (typeof TOKEN_GROUPS)[number];
  /** (1 + controls that move the loss as far) / (controls + 1); null without controls. */
  readonly p: number | null;
}

/** `ablate MODEL CORPUS --json` of docs/cli.md. */
export interface CorpusAblation {
  readonly identity: number;
  readonly tokens: number;
  readonly documents: number;
  readonly groups: readonly GroupChange[];
  /** Those whose loss changed most, either way. */
  readonly largest: readonly ChangedToken[];
  /** Of each control, the neurons in the place of those asked for. */
  readonly controls: readonly (readonly string[])[];
  readonly notices: readonly string[];
}
