import type { ConceptResults } from '../../core/concepts/conceptResults';
import type { ConceptControl } from '../../core/concepts/controls/conceptControl';
import { toLensError } from '../../core/common/errors';
import type { Log } from '../surfaces/log';
import type { ProfileEntry } from './profileEntry';
import type { ProfileLibrary } from './profileLibrary';

/** A concept that was tested on a profile. */
export interface ProfiledConcept {
  /** Folder of the profile. */
  readonly profile: string;
  readonly profileName: string;
  /** Its name. */
  readonly concept: string;
}

interface Known {
  /** The profile's files with their hashes, as the manifest names them. */
  readonly key: string;
  readonly tested: Promise<Tested | null>;
}

/** A test with the controls that were made beside it. */
interface Tested {
  readonly results: ConceptResults;
  readonly controls: readonly ConceptControl[];
}

/** What concepts gave on the profiles: read once, and again where they were tested anew. */
export class TestedConcepts {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly library: ProfileLibrary,
    private readonly log: Log,
  ) {}

  /** @returns null where no concepts were tested, or what they gave is damaged, which the log says */
  async of(folder: string): Promise<ConceptResults | null> {
    return (await this.tested(folder))?.results ?? null;
  }

  /** The controls that were made beside what `of` gives. */
  async controls(folder: string): Promise<readonly ConceptControl[]> {
    return (await this.tested(folder))?.controls ?? [];
  }

  private async tested(folder: string): Promise<Tested | null> {
    const entry = await this.library.find(folder);
    if (!entry || !('manifest' in entry)) return null;
    const key = JSON.stringify(entry.manifest.files);
    const known = this.known.get(folder);
    if (known?.key === key) return known.tested;
    const tested = this.read(entry);
    this.known.set(folder, { key, tested });
    return tested;
  }

  private async read({ folder, manifest, name }: ProfileEntry): Promise<Tested | null> {
    const { readFolderConcepts, readFolderControls } = await import('./profileTables');
    try {
      const results = await readFolderConcepts(folder, manifest);
      return results && { results, controls: await readFolderControls(folder, manifest, results) };
    } catch (thrown) {
      this.log.warn(`The concepts of ${name} are left out: ${toLensError(thrown).message}`);
      return null;
    }
  }
}
