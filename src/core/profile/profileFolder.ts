import type { RecordedStore } from './files/fileRecords';
import type { CorpusFile } from '../text/document';
import { removeOwn } from './clearProfile';
import { encodeFiles } from './files/filesTable';
import { PROFILE_VERSION, type Manifest, type ProfileState, type SegmentEntry } from './manifest';
import { writeManifest } from './manifestFile';
import { writeMetrics } from './metrics/writeMetrics';
import {
  ANNEX_FOLDER,
  corpusFile,
  metricsFile,
  SEGMENT_FOLDER,
  segmentName,
  SITES_FILE,
  SNAPSHOT_FOLDER,
  snapshotName,
  TEXT_FOLDER,
  textPartName,
} from './profileFiles';
import type { ProfiledTable } from './profiledTable';
import type { Segment } from './segments/segment';
import { StoredSegment } from './segments/storedSegment';
import { isBegun } from './texts/documentRow';
import type { DocumentTable } from './texts/documentTable';
import { writeSegment } from './segments/writeSegment';

/** Most segments of a profile: a page reads a row of each. */
export const MAXIMUM_SEGMENTS = 16;

/** What the manifest says besides what the folder itself knows. */
export type ManifestFacts = Omit<Manifest, 'version' | 'state' | 'segments' | 'snapshot' | 'files'>;

/** A segment to be written, with what the manifest says of it. */
export interface SegmentDraft {
  readonly segment: Segment;
  readonly tokens: number;
}

/** A segment as it is on disk. */
export interface WrittenSegment {
  readonly entry: SegmentEntry;
  readonly segment: StoredSegment;
}

/**
 * Writes a profile's folder so that a reader finds a whole profile at every moment: new files get new names, the
 * manifest that names them comes last, and what the last two manifests name is not removed.
 */
export class ProfileFolder {
  private closed: WrittenSegment[] = [];
  /** Folders that the manifest on disk names. */
  private inUse: readonly string[] = [];
  private nextSegment = 0;
  private nextSnapshot = 0;
  /** Whether the manifest on disk rests on the metrics and files at the folder's root. */
  private restsOnRoot = false;
  /** Whether there is more in the segments than when the profile was taken up: annexes are then about what is no more. */
  private isAdded = false;

  constructor(
    private readonly store: RecordedStore,
    readonly tables: readonly ProfiledTable[],
  ) {}

  /**
   * Goes on with a profile that is there, and was compared with its hashes.
   * @returns its last segment where this one is to be continued: still running, small, or one too many.
   */
  async adopt(manifest: Manifest, segmentTokens: number): Promise<WrittenSegment | null> {
    for (const entry of manifest.segments) {
      const segment = await StoredSegment.open(this.store, entry.name, this.tables, manifest.version, true);
      this.closed.push({ entry, segment });
    }
    const names = manifest.segments.map(({ name }) => name);
    this.inUse = [...names, ...(manifest.snapshot === null ? [] : [manifest.snapshot])];
    this.nextSegment = 1 + Math.max(-1, ...numbersIn(this.inUse, SEGMENT_FOLDER));
    this.nextSnapshot = 1 + Math.max(-1, ...numbersIn(this.inUse, SNAPSHOT_FOLDER));
    this.restsOnRoot = manifest.snapshot === null;
    const last = this.closed.at(-1);
    if (!last) return null;
    const unfinished = last.entry.name.startsWith(`${SNAPSHOT_FOLDER}/`) || last.entry.tokens < segmentTokens;
    if (!unfinished && this.closed.length < MAXIMUM_SEGMENTS) return null;
    this.closed.pop();
    return last;
  }

  get segments(): readonly StoredSegment[] {
    return this.closed.map(({ segment }) => segment);
  }

  get entries(): readonly SegmentEntry[] {
    return this.closed.map(({ entry }) => entry);
  }

  /** Whether a further segment may be closed while the corpus goes on. */
  get hasRoom(): boolean {
    return this.closed.length + 1 < MAXIMUM_SEGMENTS;
  }

  /** Writes a segment that will not change any more. The next manifest names it. */
  async closeSegment(draft: SegmentDraft): Promise<void> {
    this.isAdded = true;
    this.closed.push(await this.write(segmentName(this.nextSegment++), draft));
  }

  /** Takes an adopted segment back to which nothing was added; one that was growing is closed by it. */
  async keepSegment(base: WrittenSegment): Promise<void> {
    const { entry, segment } = base;
    const isClosed = entry.name.startsWith(`${SEGMENT_FOLDER}/`);
    const draft = { segment, tokens: entry.tokens };
    this.closed.push(isClosed ? base : await this.write(segmentName(this.nextSegment++), draft));
  }

  /**
   * Saves the state of a run.
   * @param running the segment that is still growing, or null when nothing came into it.
   * @param base what the running segment goes on from, which must stay.
   */
  async saveSnapshot(
    state: ProfileState,
    facts: ManifestFacts,
    files: readonly CorpusFile[],
    running: SegmentDraft | null,
    base: WrittenSegment | null,
  ): Promise<Manifest> {
    const snapshot = snapshotName(this.nextSnapshot++);
    const segments = [...this.closed];
    if (running) {
      this.isAdded = true;
      segments.push(await this.write(snapshot, running));
    } else if (base) segments.push(base);
    return this.publish(state, facts, files, segments, snapshot, base);
  }

  /** Saves a profile to which nothing will be added for now. */
  async finish(
    facts: ManifestFacts,
    files: readonly CorpusFile[],
    state: ProfileState = 'complete',
  ): Promise<Manifest> {
    if (this.restsOnRoot) await this.saveSnapshot('running', facts, files, null, null);
    return this.publish(state, facts, files, this.closed, null, null);
  }

  private async write(folder: string, { segment, tokens }: SegmentDraft): Promise<WrittenSegment> {
    await writeSegment(this.store, folder, this.tables, segment);
    return {
      entry: { name: folder, units: unitsOf(segment.documents), tokens },
      segment: await StoredSegment.open(this.store, folder, this.tables, PROFILE_VERSION, true),
    };
  }

  private async publish(
    state: ProfileState,
    facts: ManifestFacts,
    files: readonly CorpusFile[],
    written: readonly WrittenSegment[],
    snapshot: string | null,
    base: WrittenSegment | null,
  ): Promise<Manifest> {
    if (written.length > 0) {
      const segments = written.map(({ segment }) => segment);
      await writeMetrics(this.store, metricsFile(snapshot), segments, this.tables);
    }
    await this.store.write(corpusFile(snapshot), await encodeFiles(files));
    const entries = written.map(({ entry }) => entry);
    const named = [...entries.map(({ name }) => name), ...(snapshot === null ? [] : [snapshot])];
    const annexes = this.isAdded ? [] : [ANNEX_FOLDER];
    const manifest = {
      version: PROFILE_VERSION,
      ...facts,
      state,
      segments: entries,
      snapshot,
      files: this.store.records((name) => isNamed(name, [...named, ...annexes], snapshot)),
    };
    await writeManifest(this.store, manifest);
    this.restsOnRoot = snapshot === null;
    const before = snapshot === null ? [] : this.inUse;
    this.inUse = named;
    if (this.isAdded) await removeOwn(this.store, ANNEX_FOLDER);
    await this.removeAllBut(new Set([...named, ...before, ...(base === null ? [] : [base.entry.name])]));
    return manifest;
  }

  /** Removes texts that a killed run wrote and no manifest came to refer to. */
  async removeTextsFrom(firstPart: number): Promise<void> {
    const files = await this.store.list(TEXT_FOLDER);
    for (const part of numbersIn(foldersOf(files), TEXT_FOLDER)) {
      if (part >= firstPart) await removeOwn(this.store, textPartName(part));
    }
  }

  private async removeAllBut(kept: ReadonlySet<string>): Promise<void> {
    const files = [...(await this.store.list(SEGMENT_FOLDER)), ...(await this.store.list(SNAPSHOT_FOLDER))];
    for (const folder of foldersOf(files)) if (!kept.has(folder)) await removeOwn(this.store, folder);
  }
}

/** Whether a file belongs to a profile whose manifest names these folders. */
function isNamed(file: string, folders: readonly string[], snapshot: string | null): boolean {
  if ([SITES_FILE, metricsFile(snapshot), corpusFile(snapshot)].includes(file)) return true;
  return [...folders, TEXT_FOLDER].some((folder) => file.startsWith(`${folder}/`));
}

function unitsOf(documents: DocumentTable): number {
  let units = 0;
  for (let row = 0; row < documents.length; row++) if (isBegun(documents.row(row))) units += 1;
  return units;
}

/** `segments/0000` and the like, each once. */
function foldersOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => file.split('/').slice(0, 2).join('/')))];
}

function numbersIn(names: readonly string[], folder: string): number[] {
  return names
    .filter((name) => name.startsWith(`${folder}/`))
    .map((name) => Number(name.slice(folder.length + 1)));
}
