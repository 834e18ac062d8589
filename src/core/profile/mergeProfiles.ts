import { LensError } from '../common/errors';
import type { FileStore } from './fileStore';
import type { SkipCounts } from '../common/skipReasons';
import type { CorpusFile } from '../text/document';
import { requireCurrentFormat, requireSamePlan, requireSameTables } from './compatibility';
import { mergeAnnexes, type AnnexRules } from './annexes';
import { corpusHash } from './files/corpusHash';
import { RecordedStore, verifyFiles, type CreateHash } from './files/fileRecords';
import { readFiles } from './files/filesTable';
import type { Manifest, SegmentEntry } from './manifest';
import { readManifest } from './manifestFile';
import { corpusFile, textFiles } from './profileFiles';
import { MAXIMUM_SEGMENTS, ProfileFolder, type ManifestFacts } from './profileFolder';
import type { ProfiledTable } from './profiledTable';
import { mergeSegments } from './segments/mergedSegment';
import type { Segment } from './segments/segment';
import { StoredSegment } from './segments/storedSegment';
import { readTables, writeTables } from './sitesFile';
import { HeldUnits, unitName } from './units';

/** A profile to be merged, with the name by which the user knows it. */
export interface MergeSource {
  readonly name: string;
  readonly store: FileStore;
}

export interface MergeRequest {
  /** At least one. */
  readonly sources: readonly MergeSource[];
  /** Where the merged profile goes: a folder with nothing in it. */
  readonly store: FileStore;
  readonly tool: string;
  readonly createHash: CreateHash;
  /** What becomes of the sources' annexes, by name; those without a rule are left out. */
  readonly annexes?: AnnexRules;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

interface OpenSource extends MergeSource {
  readonly manifest: Manifest;
  readonly tables: readonly ProfiledTable[];
  readonly segments: readonly StoredSegment[];
  readonly files: readonly CorpusFile[];
}

interface SegmentGroup {
  readonly segments: readonly Segment[];
  readonly tokens: number;
}

/**
 * Makes one profile of several that share model, tokenizer and plan, such as the shards of a run. It is what one run
 * over all their units gives. Tables are merged one by one: three of them are in memory at most.
 * @throws LensError `profiles-differ` that names what differs, or what two of them both hold.
 */
export async function mergeProfiles(request: MergeRequest): Promise<Manifest> {
  const store = new RecordedStore(request.store, request.createHash);
  const sources = await Promise.all(request.sources.map((source) => openSource(source, request.createHash)));
  const { documents } = requireMergeable(sources);
  const [first] = sources;
  await writeTables(store, first!.tables);
  const folder = new ProfileFolder(store, first!.tables);
  for (const { segments, tokens } of grouped(await copiedSegments(sources, store))) {
    await folder.closeSegment({ segment: mergeSegments(segments), tokens });
  }
  const files = mergedFiles(sources);
  const isComplete = sources.every(({ manifest }) => manifest.state === 'complete');
  const facts = mergedFacts(sources, files, documents, request);
  const manifest = await folder.finish(facts, files, isComplete ? 'complete' : 'partial');
  return mergeAnnexes(request.store, request.createHash, manifest, sources, request.annexes ?? {});
}

async function openSource({ name, store }: MergeSource, createHash: CreateHash): Promise<OpenSource> {
  const manifest = await readManifest(store);
  requireCurrentFormat(manifest, `${name} cannot be merged`);
  await verifyFiles(store, manifest.files ?? {}, createHash);
  const [tables, files] = await Promise.all([
    readTables(store),
    readFiles(store, corpusFile(manifest.snapshot)),
  ]);
  const segments = await Promise.all(
    manifest.segments.map((entry) => StoredSegment.open(store, entry.name, tables, manifest.version, true)),
  );
  return { name, store, manifest, tables, segments, files };
}

/** @returns what they hold together. */
function requireMergeable(sources: readonly OpenSource[]): HeldUnits {
  const [first] = sources;
  const held = new HeldUnits([]);
  for (const source of sources) {
    const what = `${first!.name} and ${source.name} cannot be merged`;
    requireSamePlan(first!.manifest, source.manifest, what);
    requireSameTables(first!.tables, source.tables, what);
    const medians = [first!, source].map(({ manifest }) => JSON.stringify(manifest.sinkMedians));
    if (medians[0] !== medians[1]) {
      throw new LensError(
        'profiles-differ',
        `${what}: they differ in sinkMedians, by which sinks were left out.`,
      );
    }
    const units = source.segments.flatMap(({ documents }) =>
      Array.from({ length: documents.length }, (_, row) => documents.row(row)),
    );
    const twice = units.find((unit) => held.overlaps(unit));
    if (twice) {
      throw new LensError(
        'profiles-differ',
        `The profiles cannot be merged: ${unitName(twice)} is in ${source.name} and in another of them, and would count twice. Leave one of the two out.`,
      );
    }
    for (const unit of units) held.add(unit);
  }
  return held;
}

/** Copies all texts into the merged profile. @returns the segments, with documents that say where their text now is. */
async function copiedSegments(
  sources: readonly OpenSource[],
  store: FileStore,
): Promise<{ entry: SegmentEntry; segment: Segment }[]> {
  const copied: { entry: SegmentEntry; segment: Segment }[] = [];
  let nextPart = 0;
  for (const { store: from, manifest, segments } of sources) {
    const shift = nextPart;
    const parts = new Set<number>();
    for (const [i, segment] of segments.entries()) {
      for (let row = 0; row < segment.documents.length; row++) parts.add(segment.documents.row(row).part);
      copied.push({ entry: manifest.segments[i]!, segment: withShiftedParts(segment, shift) });
    }
    for (const part of parts) {
      await copyPart(from, part, store, part + shift);
      nextPart = Math.max(nextPart, part + shift + 1);
    }
  }
  return copied;
}

function withShiftedParts(segment: StoredSegment, shift: number): Segment {
  const { documents } = segment;
  return {
    documents: {
      length: documents.length,
      key: (row) => documents.key(row),
      row: (row) => {
        const document = documents.row(row);
        return { ...document, part: document.part + shift };
      },
    },
    table: (index) => segment.table(index),
  };
}

async function copyPart(from: FileStore, part: number, to: FileStore, target: number): Promise<void> {
  const names = textFiles(part);
  const targets = textFiles(target);
  for (const file of ['text', 'blocks', 'tokens'] as const) {
    await to.write(targets[file], [await from.readAll(names[file])]);
  }
}

/** The smallest are put together until there are no more than a profile may have. */
function grouped(segments: readonly { entry: SegmentEntry; segment: Segment }[]): SegmentGroup[] {
  const groups: SegmentGroup[] = segments.map(({ entry, segment }) => ({
    segments: [segment],
    tokens: entry.tokens,
  }));
  while (groups.length > MAXIMUM_SEGMENTS) {
    groups.sort((a, b) => b.tokens - a.tokens);
    const [a, b] = [groups.pop()!, groups.pop()!];
    groups.push({
      segments: [...b.segments, ...a.segments],
      tokens: a.tokens + b.tokens,
    });
  }
  return groups;
}

function mergedFiles(sources: readonly OpenSource[]): CorpusFile[] {
  const byName = new Map<string, CorpusFile>();
  for (const { name, files } of sources) {
    for (const file of files) {
      const known = byName.get(file.file);
      if (known && known.sha256 !== file.sha256) {
        throw new LensError(
          'profiles-differ',
          `The profiles cannot be merged: ${file.file} was another file when ${name} was made. Profile again what has changed.`,
        );
      }
      byName.set(file.file, file);
    }
  }
  return [...byName.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function mergedFacts(
  sources: readonly OpenSource[],
  files: readonly CorpusFile[],
  documents: number,
  { tool, createHash, clock }: MergeRequest,
): ManifestFacts {
  const manifests = sources.map(({ manifest }) => manifest);
  const [first] = manifests;
  const sum = (of: (manifest: Manifest) => number): number =>
    manifests.reduce((total, manifest) => total + of(manifest), 0);
  // Every shard looks at all files; other profiles look at files of their own.
  const isSharded = manifests.every(({ corpus }) => corpus.shard !== null);
  const counted = (count: (corpus: Manifest['corpus']) => number): number =>
    isSharded
      ? Math.max(...manifests.map(({ corpus }) => count(corpus)))
      : sum(({ corpus }) => count(corpus));
  const countedByKey = (counts: (corpus: Manifest['corpus']) => SkipCounts): Record<string, number> => {
    const keys = new Set(manifests.flatMap(({ corpus }) => Object.keys(counts(corpus))));
    return Object.fromEntries([...keys].map((key) => [key, counted((corpus) => counts(corpus)[key] ?? 0)]));
  };
  const isLimited = manifests.some(({ corpus }) => corpus.limitTokens !== null);
  const tokens = sum(({ corpus }) => corpus.tokens);
  const seconds = sum((manifest) => manifest.seconds);
  return {
    tool,
    created: new Date(clock()).toISOString(),
    model: first!.model,
    selfTest: manifests.find(({ selfTest }) => selfTest !== null)?.selfTest ?? null,
    tokenizer: first!.tokenizer,
    plan: first!.plan,
    corpus: {
      root: first!.corpus.root,
      files: files.length,
      documents,
      tokens,
      unknownTokens: sum(({ corpus }) => corpus.unknownTokens),
      sha256: corpusHash(files, createHash),
      skipped: {
        binary: counted(({ skipped }) => skipped.binary),
        ignored: counted(({ skipped }) => skipped.ignored),
        unreadable: counted(({ skipped }) => skipped.unreadable),
        brokenRecords: counted(({ skipped }) => skipped.brokenRecords),
        reasons: countedByKey(({ skipped }) => skipped.reasons),
      },
      guessedEncodings: countedByKey(({ guessedEncodings }) => guessedEncodings),
      limitTokens: isLimited ? tokens : null,
      shard: null,
    },
    engine: first!.engine,
    sinkMedians: first!.sinkMedians,
    seconds,
    tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
  };
}
