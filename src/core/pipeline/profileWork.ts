import type { Manifest } from '../profile/manifest';
import { writeManifest } from '../profile/manifestFile';
import type { ManifestFacts, ProfileFolder, WrittenSegment } from '../profile/profileFolder';
import { TextPartWriter } from '../profile/texts/textPartWriter';
import { tokenHash } from '../stats/tokenHash';
import type { SourceDocument } from '../text/document';
import type { TokenizedText } from '../text/tokens';
import { planWindows, windowPlanOf, type Window, type WindowPlan } from '../text/windows';
import { BatchReduction } from './batchReduction';
import type { SinkRule } from './sinks';
import type { CorpusRecord } from './corpusRecord';
import type { HeldDocuments } from './heldDocuments';
import { heldOf, openDocument, type OpenDocument } from './openDocument';
import { Population } from './population';
import type { RunObserver, RunRequest, Shard } from './runRequest';
import { RunningSegment } from './runningSegment';
import type { RunProgress } from './runProgress';
import { SaveSchedule } from './saveSchedule';
import { ownedTokens, runBatches, type PlannedWindow } from './windowBatches';

/** Tokens of whole documents whose windows are sorted by length together, so that little is padded. */
const POOL_TOKENS = 8_192;

/** What a run knows before its first document. */
export interface WorkSetup {
  readonly folder: ProfileFolder;
  readonly base: WrittenSegment | null;
  readonly held: HeldDocuments;
  readonly record: CorpusRecord;
  readonly progress: RunProgress;
  readonly sinks: SinkRule | null;
  /** Tokens of text after which a segment is closed. */
  readonly segmentTokens: number;
  /** Of the run that is resumed, else null. */
  readonly earlier: Manifest | null;
}

/** The work of a run: documents go in, batches run, segments and snapshots come out. */
export class ProfileWork {
  /** The segment that is growing; null where nothing has come into one since the last. */
  private growing: RunningSegment | null;
  private pool: OpenDocument[] = [];
  private poolTokens = 0;
  private tokensPlanned: number;
  /** Documents that an earlier run left half done: no segment is closed before they are whole. */
  private readonly unfinished: Set<string>;
  private readonly texts: TextPartWriter;
  private readonly schedule: SaveSchedule;
  private readonly population: Population;
  private readonly windowPlan: WindowPlan;
  private readonly created: string;
  /** Tokens of text that were run and that the vocabulary does not have, of earlier runs as well. */
  private unknownTokens: number;
  /** While a batch goes into the accumulators: an error there leaves them unfit to be saved. */
  private reducing = false;

  constructor(
    private readonly request: RunRequest,
    private readonly setup: WorkSetup,
    private readonly observer: RunObserver,
    private readonly signal: AbortSignal,
  ) {
    const { store, compression, plan, model, tokenizer, clock } = request;
    this.texts = new TextPartWriter(store, compression, setup.held.nextTextPart);
    this.schedule = new SaveSchedule(clock, request.snapshotInterval);
    this.population = new Population(plan, model.causal, tokenizer.frame);
    this.windowPlan = windowPlanOf(plan, tokenizer.frame);
    this.created = setup.earlier?.created ?? new Date(clock()).toISOString();
    this.tokensPlanned = setup.held.tokens;
    this.unknownTokens = setup.earlier?.corpus.unknownTokens ?? 0;
    this.unfinished = new Set(setup.held.startedKeys);
    this.growing = setup.base && this.newSegment(setup.base);
  }

  /** Whether the run has as many tokens as it was to have. */
  get limitReached(): boolean {
    return this.tokensPlanned >= (this.request.limitTokens ?? Infinity);
  }

  /** Whether what was done can be saved. */
  get isFit(): boolean {
    return !this.reducing;
  }

  /** Whether there is not a single token, from this run or an earlier one. */
  get isEmpty(): boolean {
    return this.tokensPlanned === 0;
  }

  /** Whether any token of a document is still to be run. */
  wants({ key }: SourceDocument): boolean {
    const { shard } = this.request;
    return (!shard || isInShard(key, shard)) && this.setup.held.tokensOf(key) === null;
  }

  /** Passes over a document that is not wanted. */
  skip({ key, file, text }: SourceDocument): void {
    this.setup.progress.sawDocument(file, text.length, this.setup.held.tokensOf(key) ?? 0);
  }

  /** Passes over a document whose text cannot be run. */
  leaveOut(document: SourceDocument, reason: string): void {
    this.request.corpus.leaveOut(document, reason);
    this.setup.progress.sawDocument(document.file, document.text.length, 0);
  }

  /** Called after the last document. */
  sawEnd(): void {
    this.setup.progress.sawEnd();
    this.setup.record.update();
  }

  /** Leaves a manifest that says that a run is under way. */
  async begin(): Promise<void> {
    const { earlier } = this.setup;
    if (earlier) await writeManifest(this.request.store, { ...earlier, state: 'running' });
    else await this.saveSnapshot('running');
  }

  /** Takes a document in, and runs what has gathered when that is enough. */
  async add(document: SourceDocument, tokens: TokenizedText): Promise<void> {
    const { progress, folder, segmentTokens } = this.setup;
    const windows = planWindows(tokens.ids.length, this.windowPlan);
    const wanted = this.wantedOf(document.key, windows);
    const planned = wanted.reduce((sum, { ownedStart, ownedEnd }) => sum + ownedEnd - ownedStart, 0);
    progress.sawDocument(document.file, document.text.length, planned);
    this.tokensPlanned += planned;
    this.poolTokens += planned;
    await this.open(document, tokens, wanted, wanted.at(-1) === windows.at(-1));
    this.unfinished.delete(document.key);
    const enough = (this.growing?.tokens ?? 0) + this.poolTokens >= segmentTokens;
    const segmentIsFull = enough && this.unfinished.size === 0 && folder.hasRoom;
    if (!segmentIsFull && this.poolTokens < POOL_TOKENS) return;
    await this.drain();
    if (segmentIsFull) await this.closeSegment();
    else if (this.schedule.isDue) await this.saveSnapshot('running');
  }

  /** Runs what has gathered. */
  async drain(): Promise<void> {
    const windows = this.pool.flatMap((document) => document.windows.map((window) => ({ document, window })));
    for await (const { planned, batch, outputs } of runBatches(windows, this.request, this.signal)) {
      this.reducing = true;
      this.running.reduction.add(planned, batch, outputs);
      this.reducing = false;
      this.unknownTokens += unknownOwned(planned);
      this.setup.progress.ranTokens(ownedTokens(planned));
      this.observer.progress(this.setup.progress.now());
      await this.request.betweenBatches?.();
    }
    this.growing?.complete(this.pool);
    for (const document of this.pool) this.setup.held.add(heldOf(document, document.whole));
    this.pool = [];
    this.poolTokens = 0;
    this.setup.record.update();
  }

  /** Saves a profile that is done. */
  async finish(): Promise<Manifest> {
    const { folder, record } = this.setup;
    await this.texts.flush();
    await this.closeGrowing();
    return this.announce(await folder.finish(this.facts(), record.files));
  }

  /** Saves all that was done so far. */
  async saveSnapshot(state: 'running' | 'partial'): Promise<Manifest> {
    const { folder, record } = this.setup;
    return this.schedule.during(async () => {
      await this.texts.flush();
      const draft = this.growing?.draft(this.pool) ?? null;
      const base = this.growing?.base ?? null;
      return this.announce(await folder.saveSnapshot(state, this.facts(), record.files, draft, base));
    });
  }

  private async closeSegment(): Promise<void> {
    await this.schedule.during(async () => {
      await this.texts.flush();
      await this.closeGrowing();
    });
    await this.saveSnapshot('running');
  }

  private async closeGrowing(): Promise<void> {
    if (this.growing === null) return;
    const { base } = this.growing;
    const draft = this.growing.draft();
    if (draft) await this.setup.folder.closeSegment(draft);
    else if (base) await this.setup.folder.keepSegment(base);
    this.growing.release();
    this.growing = null;
  }

  /** Begins one where there is none: its memory is laid only for a document that comes into it. */
  private get running(): RunningSegment {
    return (this.growing ??= this.newSegment(null));
  }

  private newSegment(base: WrittenSegment | null): RunningSegment {
    const { model, createAccumulator, tokenizer } = this.request;
    const accumulators = model.outputs.map(({ site }) => createAccumulator(site.dFf));
    const reduction = new BatchReduction(accumulators, this.population, tokenizer.frame, this.setup.sinks);
    return new RunningSegment(accumulators, reduction, base);
  }

  private async open(
    document: SourceDocument,
    tokens: TokenizedText,
    windows: readonly Window[],
    whole: boolean,
  ): Promise<void> {
    const { key, file, record, offsetBase } = document;
    const row = this.setup.held.startedRow(key) ?? {
      ...(await this.texts.add(document, tokens)),
      key,
      file,
      record,
      offsetBase,
    };
    const number = this.running.addDocument(row);
    this.pool.push(openDocument(key, number, tokens, windows, whole, this.request.plan.seed));
  }

  /** The windows that are not held yet, as far as the limit goes. */
  private wantedOf(key: string, windows: readonly Window[]): Window[] {
    const limit = this.request.limitTokens ?? Infinity;
    const wanted: Window[] = [];
    let tokens = this.tokensPlanned;
    for (const window of windows) {
      const { ownedStart: first, ownedEnd: end } = window;
      if (this.setup.held.units.holdsRange(key, { first, end })) continue;
      if (tokens >= limit) break;
      wanted.push(window);
      tokens += end - first;
    }
    return wanted;
  }

  private facts(): ManifestFacts {
    const { request } = this;
    const { folder, held, record, progress, sinks, earlier } = this.setup;
    const begun = this.pool.filter(({ key, windowsDone }) => windowsDone > 0 && !held.units.knows(key));
    const { tool, selfTest, onnxruntime, provider } = request.provenance;
    const closed = folder.entries.reduce((sum, entry) => sum + entry.tokens, 0);
    const tokens = closed + (this.growing?.tokensWith(this.pool) ?? 0);
    const seconds = (earlier?.seconds ?? 0) + progress.seconds;
    return {
      tool,
      created: this.created,
      model: { ...request.model.identity, activation: activationsOf(request) },
      selfTest,
      tokenizer: { sha256: request.tokenizer.sha256 },
      plan: request.plan,
      corpus: {
        ...record.facts(),
        documents: held.units.documents + begun.length,
        tokens,
        unknownTokens: this.unknownTokens,
        limitTokens: request.limitTokens ?? null,
        shard: request.shard ?? null,
      },
      engine: { onnxruntime, provider, batchTokens: request.batchTokens },
      sinkMedians: sinks ? [...sinks.medians] : null,
      seconds,
      tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
    };
  }

  private announce(manifest: Manifest): Manifest {
    this.observer.saved?.(manifest);
    return manifest;
  }
}

function isInShard(key: string, { index, of }: Shard): boolean {
  return tokenHash(0, key)(0) % of === index - 1;
}

function unknownOwned(batch: readonly PlannedWindow[]): number {
  const unknownIn = ({ document, window }: PlannedWindow): number =>
    document.tokens.unknown.subarray(window.ownedStart, window.ownedEnd).reduce((sum, bit) => sum + bit, 0);
  return batch.reduce((sum, planned) => sum + unknownIn(planned), 0);
}

function activationsOf({ model }: RunRequest): string {
  return [...new Set(model.outputs.map(({ site }) => site.activation))].join(', ');
}
