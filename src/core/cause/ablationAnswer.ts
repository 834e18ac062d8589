import type { TokenShift } from './distribution';

/** A token of the vocabulary before and after, with what it is called. */
export interface NamedShift extends TokenShift {
  readonly token: string;
}

/** What is seen of the loss at one token: −ln of its probability given those before it; null where nothing is before. */
export interface TokenLoss {
  readonly id: number;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly before: number | null;
  readonly after: number | null;
}

/** Neurons that were changed in the place of the ones asked for, and how much came of it. */
export interface ControlEffect {
  readonly neurons: readonly string[];
  readonly kl: number | null;
  /** What is compared: the divergence, or without a distribution 1 − cosine. */
  readonly change: number;
}

/** `ablate --json` of docs/cli.md. */
export interface AblationAnswer {
  /** Largest difference of the unchanged model's output, as a row of the batch, to the original file's. */
  readonly identity: number;
  /** What is compared: the next token, the token at a mask, the classes, or hidden states. */
  readonly output: 'next' | 'mask' | 'classes' | 'hidden';
  /** Nats; null where the output is no distribution. */
  readonly kl: number | null;
  readonly p: number | null;
  readonly next: readonly NamedShift[];
  /** Place of the token that was likeliest before among those after, from 1. */
  readonly topRank: number | null;
  readonly loss: readonly TokenLoss[];
  /** Of the mean over the tokens, and of each token's last state; null where the output is no hidden state. */
  readonly cosine: { readonly sentence: number; readonly tokens: readonly number[] } | null;
  readonly controls: readonly ControlEffect[];
  readonly generated: { readonly before: string; readonly after: string } | null;
  /** The changed neurons, with their own values at the tokens where they were changed. */
  readonly changed: readonly { readonly neuron: string; readonly values: readonly number[] }[];
  readonly notices: readonly string[];
}
