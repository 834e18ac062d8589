import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import { unknownWordsSentence } from '../../core/common/unknownWords';
import { selfTestSentence } from '../../core/common/selfTest';
import { lostAnnexesSentence } from '../../core/profile/annexes';
import { findManifest } from '../../core/profile/manifestFile';
import type { Corpus } from '../../core/text/corpus';
import type { FileStore } from '../../core/profile/fileStore';
import type { RunObserver, RunRequest, Shard } from '../../core/pipeline/runRequest';
import { runProfile } from '../../core/pipeline/profileRun';
import type { Manifest } from '../../core/profile/manifest';
import { createSiteAccumulator } from '../../core/stats/siteAccumulator';
import type { FileRange } from '../../core/text/document';
import { guessedSentences } from '../../core/text/guessed';
import { skippedSentences } from '../../core/text/skipped';
import { defaultStride } from '../../core/text/windows';
import { deflate } from '../files/deflate';
import { contentHash } from '../files/hashFile';
import { openCorpus } from '../files/openCorpus';
import { batchingSentences } from '../onnxruntime/batching';
import { ONNXRUNTIME_VERSION } from '../onnxruntime/library';
import { openOutput, requireOutput } from '../profiles/outputFolder';
import { ReductionPool } from '../reduction/reductionPool';
import { batchSizeFor } from './batchSize';
import { corpusRoot } from './corpusRoot';
import { openModel, type ModelRequest, type OpenModel } from './openModel';

/** Tokens a window, special tokens included, where the model takes as many (docs/methods.md). */
const DEFAULT_WINDOW = 256;
/** A profile as a person asks for it: the flags of `neuron-lens profile`. */
export interface CorpusProfileRequest extends Omit<ModelRequest, 'selfTest'> {
  /** Has the model tested on its first use. */
  readonly tested: boolean;
  /** Files, folders and globs, absolute or relative to `root`; to the working directory where there is none. */
  readonly inputs: readonly string[];
  /** Absolute path that file names are relative to; by default the working directory or the inputs' common folder. */
  readonly root?: string;
  readonly out: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly textField?: string;
  /** The stretch that is read of the one file in `inputs`. */
  readonly range?: FileRange | undefined;
  readonly window?: number;
  readonly stride?: number;
  readonly limitTokens?: number;
  readonly shard?: Shard;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly keepSpecial: boolean;
  readonly keepSinks: boolean;
  readonly dropSinks?: number;
  readonly tokensPerBatch?: number;
  readonly keepText: boolean;
  readonly seed: number;
  /** Name and version of the program, for the manifest. */
  readonly tool: string;
}

export interface CorpusProfileObserver extends RunObserver {
  /** Sentences for the reader, such as how many files were skipped. */
  notice(sentence: string): void;
}

/** Where a caller takes part in a run. */
export interface CorpusProfileHooks {
  /** Awaited between batches, so that a process can answer questions meanwhile. */
  readonly betweenBatches?: () => Promise<void>;
  /** Runs the profile in the caller's own way, such as with a stopwatch on its ports. */
  readonly around?: (
    run: (request: RunRequest) => Promise<Manifest>,
    request: RunRequest,
  ) => Promise<Manifest>;
}

/**
 * Profiles files with a model: opens what is needed, runs, and leaves a profile in `out`, partial when it was stopped.
 * @throws LensError when there is nothing to profile, or `out` is in use or holds another profile
 */
export async function profileCorpus(
  request: CorpusProfileRequest,
  observer: CorpusProfileObserver,
  signal: AbortSignal,
  hooks: CorpusProfileHooks = {},
): Promise<Manifest> {
  const purpose = request.resume ? 'resume' : request.overwrite ? 'replace' : 'new';
  await requireOutput(request.out, purpose);
  const root = request.root ?? (await corpusRoot(request.inputs));
  const corpus = await openCorpus({
    root,
    inputs: request.root === undefined ? request.inputs.map((input) => resolve(input)) : request.inputs,
    include: request.include,
    exclude: request.exclude,
    ignoreFiles: true,
    range: request.range,
    ...(request.textField !== undefined && { textField: request.textField }),
  });
  const output = await openOutput(request.out, purpose);
  try {
    const before = await findManifest(output.store);
    const pool = new ReductionPool();
    const tested = request.tested && { selfTest: { pause: hooks.betweenBatches } };
    const open = await openModel({ ...request, ...tested, batches: {} }, pool);
    try {
      const run = (prepared: RunRequest) => runProfile(prepared, observer, signal);
      const { selfTest } = open.model;
      if (selfTest?.passed === false) observer.notice(selfTestSentence(selfTest));
      batchingSentences(open.model.batching).forEach((sentence) => observer.notice(sentence));
      const prepared = runOf(request, corpus, output.store, open, pool, hooks);
      const manifest = await (hooks.around ? hooks.around(run, prepared) : run(prepared));
      if (manifest.state === 'complete') await output.publish(manifest);
      const lost = before && lostAnnexesSentence([before], manifest);
      if (lost !== null) observer.notice(lost);
      const unknown = unknownWordsSentence(manifest.corpus);
      if (unknown !== null) observer.notice(unknown);
      for (const sentence of [...skippedSentences(corpus.skipped), ...guessedSentences(corpus.guessed)]) {
        observer.notice(sentence);
      }
      return manifest;
    } finally {
      pool.end();
      await open.model.dispose();
    }
  } finally {
    const left = await output.close();
    if (left !== null) observer.notice(left);
  }
}

function runOf(
  request: CorpusProfileRequest,
  corpus: Corpus,
  store: FileStore,
  { model, tokenizer }: OpenModel,
  pool: ReductionPool,
  { betweenBatches }: CorpusProfileHooks,
): RunRequest {
  const plan = planOf(request, { model, tokenizer });
  const batchTokens = request.tokensPerBatch ?? batchSizeFor(model);
  pool.reserve(
    model.outputs.map(({ site }) => site.dFf),
    Math.max(batchTokens, plan.window),
    request.threads ?? availableParallelism(),
  );
  return {
    corpus,
    tokenizer,
    model,
    store,
    compression: request.keepText ? deflate : null,
    plan,
    batchTokens,
    provenance: {
      tool: request.tool,
      selfTest: model.selfTest,
      onnxruntime: ONNXRUNTIME_VERSION,
      provider: 'cpu',
    },
    createAccumulator: (neurons) => createSiteAccumulator(pool.createReduction(neurons)),
    createHash: contentHash,
    clock: () => Date.now(),
    ...(request.shard !== undefined && { shard: request.shard }),
    ...(request.limitTokens !== undefined && { limitTokens: request.limitTokens }),
    ...(betweenBatches !== undefined && { betweenBatches }),
  };
}

/** The plan that a request stands for with this model. @throws LensError `usage` for a window that is too long */
function planOf(
  request: CorpusProfileRequest,
  { model, tokenizer }: Pick<OpenModel, 'model' | 'tokenizer'>,
): Manifest['plan'] {
  const window = request.window ?? Math.min(DEFAULT_WINDOW, model.maximumLength);
  if (window > model.maximumLength) {
    throw new LensError(
      'usage',
      `The model takes windows of at most ${formatCount(model.maximumLength)} tokens: choose a --window up to that.`,
    );
  }
  const frame = tokenizer.frame.before.length + tokenizer.frame.after.length;
  const layers = model.outputs.map(({ site }) => site.layer);
  return {
    window,
    stride: request.stride ?? defaultStride(window - frame),
    scoring: model.causal ? 'left' : 'nearer',
    quantity: [...request.quantity],
    layers: [Math.min(...layers), Math.max(...layers)],
    keepSpecial: request.keepSpecial,
    keepSinks: request.keepSinks,
    dropSinks: request.dropSinks ?? null,
    seed: request.seed,
  };
}
