import { LensError, toLensError } from '../common/errors';
import { firstNames } from '../common/wordList';
import { clearProfile } from '../profile/clearProfile';
import { requireCurrentFormat, requireSamePlan, requireSameTables } from '../profile/compatibility';
import { RecordedStore, verifyFiles } from '../profile/files/fileRecords';
import { readFiles } from '../profile/files/filesTable';
import type { Manifest } from '../profile/manifest';
import { findManifest, writeManifest } from '../profile/manifestFile';
import { corpusFile } from '../profile/profileFiles';
import { ProfileFolder } from '../profile/profileFolder';
import { readTables, writeTables } from '../profile/sitesFile';
import type { Corpus } from '../text/corpus';
import type { SourceDocument } from '../text/document';
import { nothingRead } from '../text/skipped';
import { tokensOrReason, UnfitText } from '../text/tokenizer';
import type { TokenizedText } from '../text/tokens';
import { CorpusRecord } from './corpusRecord';
import { HeldDocuments } from './heldDocuments';
import { prefetch } from './prefetch';
import type { RunObserver, RunRequest } from './runRequest';
import { ProfileWork } from './profileWork';
import { RunProgress } from './runProgress';
import { sinkRuleOf } from './sinkRule';

/** Writing a segment of this many tokens takes about 2 % of the time of computing it (docs/profile-format.md). */
const SEGMENT_TOKENS = 131_072;
/** Of all planned tokens, a segment has at least this part. */
const SEGMENT_SHARE = 1 / 16;
/** Bytes of English text a token, by which the length of a corpus is judged beforehand. */
const BYTES_PER_TOKEN = 4;

/**
 * The main job: runs a model over a corpus once and keeps what every neuron responds to.
 * It goes on with the profile that is in the store, if any. When it is cancelled or fails, what was done is saved as a
 * partial profile.
 * @returns the manifest of the profile; `partial` when `signal` was aborted.
 * @throws LensError for whatever else stops it.
 */
export async function runProfile(
  request: RunRequest,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<Manifest> {
  requireRunnable(request);
  const work = await prepare(request, observer, signal);
  try {
    await work.begin();
    for await (const { document, tokens } of prefetch(tokenized(request, work, signal))) {
      signal.throwIfAborted();
      if (work.limitReached) break;
      if (tokens === null) work.skip(document);
      else if (tokens instanceof UnfitText) work.leaveOut(document, tokens.reason);
      else await work.add(document, tokens);
    }
    await work.drain();
    work.sawEnd();
    if (!work.isEmpty || request.shard) return await work.finish();
  } catch (error) {
    const partial = await savePartial(request, work);
    if (signal.aborted && partial) return partial;
    throw toLensError(error);
  }
  await clearProfile(request.store);
  throw noText(request.corpus);
}

/** @throws LensError `usage` when the plan does not fit the model, `no-ffn-found` when nothing is exposed. */
function requireRunnable({ plan, model, tokenizer, corpus }: RunRequest): void {
  if (model.outputs.length === 0) {
    throw new LensError(
      'no-ffn-found',
      `No neurons of ${model.identity.id} were chosen: none of its layers has what was asked for. "neuron-lens sites" lists what there is.`,
    );
  }
  const frame = tokenizer.frame.before.length + tokenizer.frame.after.length;
  if (plan.window > model.maximumLength || plan.window <= frame) {
    throw new LensError(
      'usage',
      `A window of ${plan.window} tokens does not fit ${model.identity.id}: choose one from ${frame + 1} to ${model.maximumLength}.`,
    );
  }
  if (corpus.files.length === 0) throw noText(corpus);
}

/** What is said of a corpus without a token. */
function noText({ skipped, read }: Corpus): LensError {
  const empty = read.length > 0 ? `, and no token in ${firstNames(read.map(({ file }) => file))}` : '';
  return nothingRead('usage', `There is no text to profile${empty}`, skipped);
}

async function prepare(given: RunRequest, observer: RunObserver, signal: AbortSignal): Promise<ProfileWork> {
  const { corpus, model, clock } = given;
  const earlier = await findManifest(given.store);
  const store = new RecordedStore(given.store, given.createHash, earlier?.files ?? {});
  const request = { ...given, store };
  const tables = model.outputs.map(({ site, quantity }) => ({ site, quantity }));
  const folder = new ProfileFolder(store, tables);
  const segmentTokens = segmentTokensOf(request);
  let base = null;
  if (earlier) {
    const identity = {
      model: { ...model.identity, activation: '' },
      tokenizer: request.tokenizer,
      plan: request.plan,
    };
    requireCurrentFormat(earlier, 'The profile in this folder cannot be gone on with');
    requireSamePlan(earlier, identity, 'The profile in this folder cannot be gone on with');
    requireSameTables(await readTables(store), tables, 'The profile in this folder cannot be gone on with');
    await verifyFiles(store, earlier.files ?? {}, request.createHash);
    base = await folder.adopt(earlier, segmentTokens);
  } else {
    await clearProfile(store);
    await writeTables(store, tables);
  }
  const closed = folder.segments.map((segment, i) => ({
    entry: folder.entries[i]!,
    documents: segment.documents,
  }));
  const held = new HeldDocuments(
    base ? [...closed, { entry: base.entry, documents: base.segment.documents }] : closed,
  );
  await folder.removeTextsFrom(held.nextTextPart);
  const files = earlier ? await readFiles(store, corpusFile(earlier.snapshot)) : [];
  const record = new CorpusRecord(corpus, request.createHash, files);
  const progress = new RunProgress(corpus, held.tokens, request.limitTokens ?? Infinity, clock);
  const sinks = await sinkRuleOf(request, earlier, signal);
  return new ProfileWork(
    request,
    { folder, base, held, record, progress, sinks, segmentTokens, earlier },
    observer,
    signal,
  );
}

/** The documents of the corpus, tokenised where they are wanted: on the tokenizer's thread, ahead of the forward pass. */
async function* tokenized(
  { corpus, tokenizer }: RunRequest,
  work: ProfileWork,
  signal: AbortSignal,
): AsyncGenerator<{ document: SourceDocument; tokens: TokenizedText | UnfitText | null }> {
  for await (const document of corpus.documents(signal)) {
    yield { document, tokens: work.wants(document) ? await tokensOrReason(tokenizer, document.text) : null };
  }
}

/** @returns null when nothing can be saved: the last snapshot then stands. */
async function savePartial(request: RunRequest, work: ProfileWork): Promise<Manifest | null> {
  try {
    if (work.isFit) return await work.saveSnapshot('partial');
  } catch {
    // A full disk, most likely. The error that is reported is the one that stopped the run.
  }
  try {
    const saved = await findManifest(request.store);
    if (!saved || saved.state !== 'running') return saved;
    const partial = { ...saved, state: 'partial' as const };
    await writeManifest(request.store, partial);
    return partial;
  } catch {
    return null;
  }
}

function segmentTokensOf({ corpus, shard, limitTokens, segmentTokens = SEGMENT_TOKENS }: RunRequest): number {
  const bytes = corpus.files.reduce((sum, file) => sum + file.bytes, 0);
  const planned = Math.min(bytes / BYTES_PER_TOKEN / (shard?.of ?? 1), limitTokens ?? Infinity);
  return Math.max(segmentTokens, Math.ceil(planned * SEGMENT_SHARE));
}
