import type { Manifest } from '../profile/manifest';
import type { CreateHash } from '../profile/files/fileRecords';
import type { Compression } from '../profile/texts/compression';
import type { SiteAccumulator } from '../stats/siteAccumulator';
import type { ActivationModel } from '../onnx/activationModel';
import type { Corpus } from '../text/corpus';
import type { FileStore } from '../profile/fileStore';
import type { Tokenizer } from '../text/tokenizer';

/** One shard of a corpus: `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** All that a run needs. */
export interface RunRequest {
  readonly corpus: Corpus;
  readonly tokenizer: Tokenizer;
  readonly model: ActivationModel;
  /** The profile's folder: without one, or with that which the run is to go on with. */
  readonly store: FileStore;
  /** How the documents' text is kept; null leaves it out. */
  readonly compression: Compression | null;
  readonly plan: Manifest['plan'];
  /** Most positions of a batch, padding included. */
  readonly batchTokens: number;
  readonly shard?: Shard;
  /** Stops after the window with which so many tokens of text are reached. */
  readonly limitTokens?: number;
  /** Goes into the manifest as it is. */
  readonly provenance: {
    readonly tool: string;
    readonly selfTest: Manifest['selfTest'];
    readonly onnxruntime: string;
    readonly provider: string;
  };
  readonly createAccumulator: (neurons: number) => SiteAccumulator;
  readonly createHash: CreateHash;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Awaited between batches: interactive questions are answered there. */
  readonly betweenBatches?: () => Promise<void>;
  /** Milliseconds between snapshots, at the least; 60,000 unless given. */
  readonly snapshotInterval?: number;
  /** Tokens of text that a segment has at the least; 131,072 unless given (docs/profile-format.md). */
  readonly segmentTokens?: number;
}

/** How far a run is. */
export interface RunState {
  /** Tokens of text that have been run, those of earlier runs that this one resumes included. */
  readonly tokensDone: number;
  /** Estimated from the files' bytes until all are read. */
  readonly tokensTotal: number;
  readonly totalIsEstimate: boolean;
  /** Of this run. */
  readonly tokensPerSecond: number;
  /** Null until there is something to judge by. */
  readonly secondsLeft: number | null;
  readonly filesDone: number;
  readonly filesTotal: number;
}

export interface RunObserver {
  /** After every batch. */
  progress(progress: RunState): void;
  /** The folder holds a whole profile of what was done so far. */
  saved?(manifest: Manifest): void;
}
