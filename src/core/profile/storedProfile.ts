import type { FileStore } from './fileStore';
import type { CorpusFile } from '../text/document';
import { CheckedStore } from './files/fileRecords';
import { readFiles } from './files/filesTable';
import type { Manifest } from './manifest';
import { readManifest } from './manifestFile';
import { MetricsTable } from './metrics/metricsTable';
import { readWeights, type WeightColumns } from './metrics/weightsAnnex';
import { corpusFile, metricsFile } from './profileFiles';
import type { ProfiledTable } from './profiledTable';
import { StoredSegment } from './segments/storedSegment';
import { readTables } from './sitesFile';
import type { Compression } from './texts/compression';
import { TextPartReader } from './texts/textPartReader';

/** A profile as one manifest tells of it. Each part is read when it is first asked for. */
export class StoredProfile {
  private openedSegments: Promise<readonly StoredSegment[]> | undefined;
  private openedMetrics: Promise<MetricsTable> | undefined;
  private openedWeights: Promise<WeightColumns | null> | undefined;
  private openedFiles: Promise<ReadonlyMap<string, CorpusFile>> | undefined;
  private readonly openedParts = new Map<number, TextPartReader>();

  private constructor(
    private readonly store: FileStore,
    private readonly compression: Compression,
    readonly manifest: Manifest,
    readonly tables: readonly ProfiledTable[],
  ) {}

  /** @throws LensError where there is no profile, a damaged or a newer one. */
  static async open(store: FileStore, compression: Compression): Promise<StoredProfile> {
    const manifest = await readManifest(store);
    const files = manifest.files === null ? store : new CheckedStore(store, manifest.files);
    return new StoredProfile(files, compression, manifest, await readTables(files));
  }

  segments(): Promise<readonly StoredSegment[]> {
    this.openedSegments ??= Promise.all(
      this.manifest.segments.map(({ name }) =>
        StoredSegment.open(this.store, name, this.tables, this.manifest.version),
      ),
    );
    return this.openedSegments;
  }

  metrics(): Promise<MetricsTable> {
    this.openedMetrics ??=
      this.manifest.segments.length === 0
        ? Promise.resolve(MetricsTable.empty())
        : MetricsTable.open(this.store, metricsFile(this.manifest.snapshot), this.tables);
    return this.openedMetrics;
  }

  /** The figures of the weights of all neurons; null where they are not kept. */
  weights(): Promise<WeightColumns | null> {
    this.openedWeights ??= readWeights(this.store, this.manifest, this.tables);
    return this.openedWeights;
  }

  /** The files of the corpus that were read to their end, by name. */
  files(): Promise<ReadonlyMap<string, CorpusFile>> {
    this.openedFiles ??= readFiles(this.store, corpusFile(this.manifest.snapshot)).then(
      (files) => new Map(files.map((file) => [file.file, file])),
    );
    return this.openedFiles;
  }

  textPart(part: number): TextPartReader {
    let reader = this.openedParts.get(part);
    if (!reader) {
      reader = new TextPartReader(this.store, this.compression, part);
      this.openedParts.set(part, reader);
    }
    return reader;
  }
}
