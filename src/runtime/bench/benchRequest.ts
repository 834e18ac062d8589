import type { ProfilePlan } from '../../core/profile/manifest';
import type { CorpusProfileRequest } from '../profiling/profileCorpus';

/** What all sides of a comparison run. `out` is a folder of the bench's own, replaced at every run. */
export interface BenchRequest extends CorpusProfileRequest {
  readonly threads: number;
}

/**
 * The sides of a comparison: the model alone; the profile; and what one would write first, which keeps all
 * activations and sums them up in plain JavaScript.
 */
export type BenchSide = 'bare' | 'profile' | 'plain';

/** What a side starts from. What is null, the side that knows it finds out. */
export interface BenchSetup {
  readonly request: BenchRequest;
  /** The profile side's windows, which the others run, too. */
  readonly plan: ProfilePlan | null;
  /** Positions a batch, for the bare side: the best of those that it tries. */
  readonly batchTokens: number | null;
}

/** Seconds of one phase, summed over a run. Tokenising may overlap the others; `rest` is what none of them took. */
export type Phases = Readonly<Record<'tokenise' | 'forward' | 'reduce' | 'write' | 'rest', number>>;

/** One timed run of an open model, the text already found. */
export interface BenchRun {
  readonly seconds: number;
  /** Of all threads. */
  readonly processorSeconds: number;
  /** The plain side may run fewer than the others: its memory grows with them. */
  readonly tokens: number;
  /** Of the process so far. */
  readonly peakRssMiB: number;
  readonly batchTokens: number;
  /** Of the profile: with opening the model before and closing it after. */
  readonly secondsWithStart: number | null;
  readonly phases: Phases | null;
}

/** A side that is ready to run. */
export interface OpenSide {
  /** With what it found out. */
  readonly setup: BenchSetup;
  run(): Promise<BenchRun>;
}
