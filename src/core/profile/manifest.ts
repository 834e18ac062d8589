import type { Quantity } from '../onnx/site';
import type { WindowScoring } from '../text/windows';

/** Version of the profile format; a reader refuses a higher one with a sentence. */
export const PROFILE_VERSION = 1;

export type ProfileState = 'complete' | 'partial' | 'running';

/** What a segment summarises: its units by name and how many tokens of the population they hold. */
export interface SegmentEntry {
  readonly name: string;
  readonly units: readonly string[];
  readonly tokens: number;
}

/** The record on which merging, staleness and reports rest: the `manifest` of docs/cli.md. */
export interface Manifest {
  readonly version: number;
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly state: ProfileState;
  readonly model: {
    readonly id: string;
    readonly file: string;
    readonly sha256: string;
    readonly dtype: string;
    readonly opset: number;
    readonly activation: string;
  };
  readonly tokenizer: { readonly sha256: string };
  readonly plan: {
    /** Tokens a window, the special tokens around it included. */
    readonly window: number;
    readonly stride: number;
    readonly scoring: WindowScoring;
    readonly quantity: readonly Quantity[];
    /** First and last layer profiled. */
    readonly layers: readonly [number, number];
    readonly keepSpecial: boolean;
    readonly keepSinks: boolean;
    readonly dropSinks: number | null;
    readonly seed: number;
  };
  readonly corpus: {
    readonly root: string;
    readonly files: number;
    readonly documents: number;
    /** Tokens of text, each counted once, whether in the population or left out of it. */
    readonly tokens: number;
    readonly sha256: string;
  };
  readonly engine: { readonly onnxruntime: string; readonly provider: string; readonly batchTokens: number };
  readonly segments: readonly SegmentEntry[];
  readonly seconds: number;
  readonly tokensPerSecond: number;
}
