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

/** What a group of tokens is called in tables. @param concept the one that is asked about, where it is known */
export function groupWords(group: GroupChange['group'], concept: string | null): string {
  switch (group) {
    case 'all':
      return 'all';
    case 'topBand':
      return 'predicted from its top 1 %';
    case 'rest':
      return 'the rest';
    case 'concept':
      return concept === null ? 'that carry the concept' : `that carry “${concept}”`;
    case 'withoutConcept':
      return 'that do not';
  }
}

/** The change by the control that moves the loss farthest, either way; null without controls. */
export function farthestControl({ controls }: Pick<GroupChange, 'controls'>): number | null {
  return controls.length === 0 ? null : controls.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
}

/**
 * How often each token of a corpus is run: twice alone, and in a row with nothing changed, one with the change and one for
 * each control.
 */
export function runsOfToken(controls: number): number {
  return 4 + controls;
}

/** What a change over a corpus must not be read as. */
export const LOWER_BOUND =
  'Later layers repair what is missing: the change is a lower bound of what the neurons do.';

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
