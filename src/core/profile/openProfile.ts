import { LensError } from '../common/errors';
import type { NeuronAddress, SiteAddress } from '../common/neuronAddress';
import type { Quantity } from '../onnx/site';
import type { FileStore } from './fileStore';
import type { SiteBackground } from './queries/siteBackground';
import type { CorpusFile, FileState } from '../text/document';
import { damagedProfile } from './damagedProfile';
import type { Manifest } from './manifest';
import type { NeuronPage } from './neuronPage';
import { MANIFEST_FILE } from './profileFiles';
import { defaultQuantity, type ProfiledTable } from './profiledTable';
import { findTable, requireNeuron } from './queries/findTable';
import type { SortKey } from '../stats/statistics';
import type { StrongToken } from '../stats/strongestTokens';
import { isWeightKey } from '../stats/weightFigures';
import { listNeurons, type ListKey, type NeuronQuery, type NeuronRow } from './queries/neuronList';
import { listedTokens } from './queries/listedTokens';
import { openNeuron, pageOf, type OpenNeuron } from './queries/openNeuron';
import { overviewOf, type ProfileOverview } from './queries/overview';
import { StoredProfile } from './storedProfile';
import { siteBackground } from './queries/siteBackground';
import type { Compression } from './texts/compression';

export type { ListKey, NeuronQuery, NeuronRow, OpenNeuron, ProfileOverview, SortKey };

/** A profile open for reading. What it answers always comes from one state of it, also while a run writes it. */
export interface Profile {
  readonly manifest: Manifest;
  /** The quantities and FFNs that were profiled. */
  readonly tables: readonly ProfiledTable[];
  /** Neurons ranked by a metric, dead ones last. @throws LensError `not-found` by weights where they are not kept */
  neurons(query: NeuronQuery): Promise<readonly NeuronRow[]>;
  /** What lists show of neurons besides figures, in their order. @throws LensError as `neuron` does */
  strongestTokens(addresses: readonly NeuronAddress[]): Promise<readonly (readonly StrongToken[])[]>;
  /** @throws LensError `not-found` when the profile has no such neuron. */
  neuron(address: NeuronAddress, options?: { readonly quantity?: Quantity }): Promise<OpenNeuron>;
  /** All that is known of a neuron at once. @throws LensError as `neuron` does */
  page(address: NeuronAddress, options?: { readonly quantity?: Quantity }): Promise<NeuronPage>;
  /** @throws LensError `not-found` when the profile has no such site or quantity. */
  background(site: SiteAddress, quantity: Quantity): Promise<SiteBackground>;
  overview(): Promise<ProfileOverview>;
  /** What floors above read of the profile: once more from its newest state where a run has changed it meanwhile. */
  read<Result>(from: (stored: StoredProfile) => Promise<Result>): Promise<Result>;
  /** Takes up what a run has written since. @returns whether there was anything new. */
  refresh(): Promise<boolean>;
}

export interface ProfileSource {
  readonly store: FileStore;
  readonly compression: Compression;
  /** How a file of the corpus at `root` stands to what it was when it was profiled. */
  readonly fileState?: (root: string, file: CorpusFile) => Promise<FileState>;
  /** Where the corpus lies on this machine, if not where the manifest says. */
  readonly root?: string;
}

/**
 * Opens a profile for reading; only the manifest and the list of sites are read at once.
 * @throws LensError where there is no profile, a damaged or a newer one.
 */
export async function openProfile(source: ProfileSource): Promise<Profile> {
  return new OpenProfile(source, await StoredProfile.open(source.store, source.compression));
}

class OpenProfile implements Profile {
  constructor(
    private readonly source: ProfileSource,
    private stored: StoredProfile,
  ) {}

  get manifest(): Manifest {
    return this.stored.manifest;
  }

  get tables(): readonly ProfiledTable[] {
    return this.stored.tables;
  }

  neurons(query: NeuronQuery): Promise<readonly NeuronRow[]> {
    return this.read(async (stored) => {
      const weights = isWeightKey(query.sort) ? await stored.weights() : null;
      return listNeurons(await stored.metrics(), stored.tables, query, weights);
    });
  }

  strongestTokens(addresses: readonly NeuronAddress[]): Promise<readonly (readonly StrongToken[])[]> {
    return this.read((stored) => listedTokens(stored, addresses));
  }

  neuron(address: NeuronAddress, options: { readonly quantity?: Quantity } = {}): Promise<OpenNeuron> {
    return this.read((stored) => this.open(stored, address, options.quantity));
  }

  page(address: NeuronAddress, options: { readonly quantity?: Quantity } = {}): Promise<NeuronPage> {
    return this.read(async (stored) => pageOf(await this.open(stored, address, options.quantity)));
  }

  background(site: SiteAddress, quantity: Quantity): Promise<SiteBackground> {
    return this.read(async (stored) => {
      requireTokens(stored);
      return siteBackground(stored, findTable(stored.tables, site, quantity));
    });
  }

  overview(): Promise<ProfileOverview> {
    return this.read(overviewOf);
  }

  async refresh(): Promise<boolean> {
    const stored = await StoredProfile.open(this.source.store, this.source.compression);
    const isNew = JSON.stringify(stored.manifest) !== JSON.stringify(this.stored.manifest);
    if (isNew) this.stored = stored;
    return isNew;
  }

  /** A run may remove files of the state that is being read; the answer then comes from its newest state. */
  async read<Result>(from: (stored: StoredProfile) => Promise<Result>): Promise<Result> {
    try {
      return await from(this.stored);
    } catch (error) {
      if (!(await this.refresh())) throw asDamage(error);
      return from(this.stored);
    }
  }

  private open(stored: StoredProfile, address: NeuronAddress, quantity?: Quantity): Promise<OpenNeuron> {
    const table = findTable(stored.tables, address, quantity ?? defaultQuantity(stored.tables));
    requireNeuron(stored.tables[table]!, address);
    requireTokens(stored);
    const root = this.source.root ?? stored.manifest.corpus.root;
    return openNeuron(
      stored,
      table,
      address,
      (file) => this.source.fileState?.(root, file) ?? Promise.resolve('same'),
    );
  }
}

/** Numbers that do not go together show up anywhere: as what they are, a damaged profile. */
function asDamage(error: unknown): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error;
  return damagedProfile(MANIFEST_FILE, `what it names does not go together (${error.message})`, error);
}

/** @throws LensError `not-found` where the profile holds no tokens (yet). */
export function requireTokens({ manifest }: Pick<StoredProfile, 'manifest'>): void {
  if (manifest.segments.length > 0) return;
  throw new LensError(
    'not-found',
    manifest.state === 'running'
      ? 'This profile holds no tokens yet. Look again when the run has gone on for a while.'
      : 'This profile holds no tokens: its run was stopped before the first ones. Go on with it, or profile again.',
  );
}
