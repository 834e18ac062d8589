import type { ControlEffect } from './ablationAnswer';

/** A token of a prompt. */
export interface ComparedToken {
  readonly id: number;
  /** UTF-16 offsets into the prompt; empty for those that the tokenizer puts around it. */
  readonly start: number;
  readonly end: number;
  /** What stands for it where its place in the prompt is empty. */
  readonly piece: string;
}

/** One of several prompts, as the model as it is takes it. */
export interface ComparedPrompt {
  /** Those that are used. */
  readonly tokens: readonly ComparedToken[];
  /** Tokens behind these that the model has no room for. */
  readonly tokensLeftOut: number;
  /** [neurons][tokens] */
  readonly values: readonly (readonly number[])[];
  /** Why nothing, or nothing of the output, is shown of it; null where all is. */
  readonly reason: string | null;
}

/** A token of the vocabulary after each of the prompts. */
export interface NextToken {
  readonly id: number;
  readonly token: string;
  /** [prompts] Probabilities; null where a prompt has no output. */
  readonly shares: readonly (number | null)[];
  /** After the prompt that values were patched into; null without a patch. */
  readonly patched: number | null;
}

/** What the output of one prompt makes of the values that neurons have on another. */
export interface PatchEffect {
  /** Pairs of tokens that were patched. */
  readonly pairs: number;
  /** Nats; null where the output is no distribution. */
  readonly kl: number | null;
  /** What is compared with the controls: the divergence, or without a distribution 1 − cosine. */
  readonly change: number;
  readonly controls: readonly ControlEffect[];
  readonly p: number | null;
  /** Largest difference of the unchanged model's output, as a row of the batch, to the original file's. */
  readonly identity: number;
}

/** Prompts side by side. */
export interface PromptsAnswer {
  /** What the output is over; `hidden`: it is no distribution, and `next` is empty. */
  readonly output: 'next' | 'mask' | 'classes' | 'hidden' | null;
  readonly neurons: readonly string[];
  readonly prompts: readonly ComparedPrompt[];
  /** Those that are among the likeliest after any of the prompts, by their largest share. */
  readonly next: readonly NextToken[];
  readonly patch: PatchEffect | null;
  readonly notices: readonly string[];
}

/** The neuron that differs most between two prompts. */
export interface MostDifferent {
  readonly neuron: string;
  /** Largest difference over the aligned tokens, in the unit. */
  readonly difference: number;
  /** Its 99.9 % quantile in the profile, or without one what it writes into the stream at 1. */
  readonly unit: 'quantile' | 'written';
}
