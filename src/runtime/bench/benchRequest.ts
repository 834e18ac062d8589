import type { CorpusProfileRequest } from '../profiling/profileCorpus';

/** What both sides of a comparison run. `out` is a folder of the bench's own, replaced at every run. */
export interface BenchRequest extends CorpusProfileRequest {
  readonly threads: number;
}

/** Which side of the comparison a process is. */
export type BenchSide = 'bare' | 'profile';

/** Seconds of one phase, summed over a run. Phases overlap where they run on other threads. */
export type Phases = Readonly<Record<'tokenise' | 'forward' | 'reduce' | 'write', number>>;

/** One timed run. */
export interface BenchRun {
  readonly seconds: number;
  readonly tokens: number;
  /** Of the process so far. */
  readonly peakRssMiB: number;
  /** Positions a batch that the bare side found to be its best. */
  readonly batchTokens: number;
  /** Null for the bare side, which has one phase only. */
  readonly phases: Phases | null;
}
