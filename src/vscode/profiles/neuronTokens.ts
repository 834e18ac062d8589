import { toLensError } from '../../core/common/errors';
import { parseNeuron, sameSite, type NeuronAddress } from '../../core/common/neuronAddress';
import type { Profile } from '../../core/profile/openProfile';
import type { StrongToken } from '../../core/stats/strongestTokens';
import type { Log } from '../surfaces/log';
import type { CurrentProfile } from './currentProfile';

type Tokens = readonly StrongToken[];

interface Known {
  /** Which state of the profile they were read of. */
  readonly state: string;
  readonly tokens: Map<string, Tokens>;
}

/** The strongest tokens of neurons, for lists: each is read once, and again when its profile has grown. */
export class NeuronTokens {
  private readonly profiles = new Map<string, Known>();

  constructor(
    private readonly current: Pick<CurrentProfile, 'reader'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** What is known of a neuron already; none where it was not read yet. */
  known(folder: string, id: string): Tokens {
    return this.profiles.get(folder)?.tokens.get(id) ?? [];
  }

  /**
   * Reads those of some neurons that are not known yet.
   * @returns by id; nothing of a profile that cannot be read, which the log says
   */
  async of(folder: string, ids: readonly string[]): Promise<ReadonlyMap<string, Tokens>> {
    try {
      return await this.read(folder, ids);
    } catch (thrown) {
      this.log.warn(`Strongest tokens are left out: ${toLensError(thrown).message}`);
      return new Map();
    }
  }

  /** Reads them, and says whether any was new. */
  async learn(folder: string, ids: readonly string[]): Promise<boolean> {
    const before = this.profiles.get(folder)?.tokens.size ?? 0;
    const known = await this.of(folder, ids);
    return known.size > 0 && this.profiles.get(folder)!.tokens.size !== before;
  }

  private async read(folder: string, ids: readonly string[]): Promise<ReadonlyMap<string, Tokens>> {
    const reader = await this.current.reader(folder);
    const { tokens } = this.stateOf(folder, `${reader.manifest.created} ${reader.manifest.corpus.tokens}`);
    const missing = ids.flatMap((id) => {
      const address = tokens.has(id) ? null : parseNeuron(id);
      return address && isProfiled(address, reader) ? [{ id, address }] : [];
    });
    const found = await reader.strongestTokens(missing.map(({ address }) => address));
    missing.forEach(({ id }, at) => tokens.set(id, found[at]!));
    return new Map(ids.flatMap((id) => (tokens.has(id) ? [[id, tokens.get(id)!] as const] : [])));
  }

  private stateOf(folder: string, state: string): Known {
    const known = this.profiles.get(folder);
    if (known?.state === state) return known;
    const fresh = { state, tokens: new Map<string, Tokens>() };
    this.profiles.set(folder, fresh);
    return fresh;
  }
}

/** A page may ask about neurons of layers that the profile leaves out. */
function isProfiled(address: NeuronAddress, { tables }: Pick<Profile, 'tables'>): boolean {
  return tables.some(({ site }) => sameSite(site, address) && address.neuron < site.dFf);
}
