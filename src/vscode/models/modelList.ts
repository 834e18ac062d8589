import { toLensError } from '../../core/common/errors';
import type { SelfTest } from '../../core/common/selfTest';
import { cachedModels } from '../../runtime/hub/cachedModels';
import { hubCacheFolder } from '../../runtime/models/hubCache';
import { filesByPart } from '../../runtime/models/modelFiles';
import { knownModelHash } from '../../runtime/models/modelHash';
import { resolveModelPackage } from '../../runtime/models/modelPackage';
import { readSelfTest } from '../../runtime/models/selfTestRecord';
import { settings } from '../settings';

/** One form of a model that is on this machine. */
export interface ListedDtype {
  readonly dtype: string;
  readonly bytes: number;
  /** As it was found when these very files were last opened; null where they were not. */
  readonly selfTest: SelfTest | null;
}

/** A model that can be chosen. */
export interface ListedModel {
  readonly model: string;
  /** Ships with the extension, was added by the user, or lies in the cache that Python shares. */
  readonly origin: 'embedded' | 'added' | 'downloaded';
  /** Null where it cannot be found any more. */
  readonly folder: string | null;
  /** The preferred one first. */
  readonly dtypes: readonly ListedDtype[];
  /** Why it cannot be used, or null. */
  readonly problem: string | null;
}

/** The embedded model, those that the user added, and those of the Hugging Face cache. */
export async function listModels(embeddedModel: string): Promise<ListedModel[]> {
  const downloaded = (await cachedModels(hubCacheFolder())).map(({ id }) => id);
  const added = settings.models().filter((model) => !downloaded.includes(model));
  return Promise.all([
    describe('default', 'embedded', embeddedModel),
    ...added.map((model) => describe(model, 'added', embeddedModel)),
    ...downloaded.map((model) => describe(model, 'downloaded', embeddedModel)),
  ]);
}

async function describe(
  model: string,
  origin: ListedModel['origin'],
  embeddedModel: string,
): Promise<ListedModel> {
  try {
    const { folder, offered, dtype: preferred } = await resolveModelPackage(model, { embeddedModel });
    const others = offered.map(({ dtype }) => dtype);
    const dtypes = await Promise.all(
      [...new Set([preferred, ...others])].map(async (dtype): Promise<ListedDtype> => {
        const files = [...filesByPart(offered, dtype).values()];
        const sha256 = files[0] ? await knownModelHash(files[0].path) : null;
        const record = sha256 === null ? null : await readSelfTest(sha256);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        return { dtype, bytes, selfTest: record?.selfTest ?? null };
      }),
    );
    return { model, origin, folder, dtypes: dtypes.filter(({ bytes }) => bytes > 0), problem: null };
  } catch (thrown) {
    return { model, origin, folder: null, dtypes: [], problem: toLensError(thrown).message };
  }
}
