import { LensError } from '../../core/common/errors';
import { formatSite, sameSite } from '../../core/common/neuronAddress';
import type { ActivationModel } from '../../core/onnx/activationModel';
import { Population } from '../../core/pipeline/population';
import type { TextRun } from '../../core/pipeline/textActivations';
import type { Profile } from '../../core/profile/openProfile';
import { defaultQuantity } from '../../core/profile/profiledTable';
import type { SiteBackground } from '../../core/profile/queries/siteBackground';
import { rememberWindows } from '../../core/selection/rememberWindows';
import { windowPlanOf } from '../../core/text/windows';
import { openProfileFolder } from '../profiles/openProfileFolder';
import { openModel, type ModelRequest, type OpenModel } from './openModel';

/** A window of 256 tokens takes 9 MiB of MiniLM, 47 MiB of a model with 46k neurons. */
const REMEMBERED_BYTES = 128 * 2 ** 20;

/** A profile and its model, open together: what questions about a text stand on. */
export interface ProfiledModel extends OpenModel {
  readonly folder: string;
  readonly profile: Profile;
  readonly run: TextRun;
  /** In the order of the model's outputs. */
  readonly backgrounds: readonly SiteBackground[];
  dispose(): Promise<void>;
}

/**
 * Opens a profile and the model that it was made with, exposing the same layers and the quantity that its pages show.
 * @throws LensError when the profile holds no tokens, or when the model is another one than the profile's, as its
 *   values would not compare; nothing stays open then
 */
export async function openProfiledModel(
  folder: string,
  request: Omit<ModelRequest, 'layers' | 'quantity' | 'part'>,
): Promise<ProfiledModel> {
  const profile = await openProfileFolder(folder);
  try {
    // Before the model, which takes longer: a profile without tokens has no background.
    const backgrounds = await backgroundsOf(profile);
    const open = await openModel({ ...request, ...exposedBy(profile) });
    try {
      requireModelOf(profile, open.model);
      return {
        ...open,
        folder,
        profile,
        run: runOf(open, profile),
        backgrounds: open.model.outputs.map(({ site }) => backgrounds.get(formatSite(site))!),
        dispose: async () => {
          await Promise.all([open.model.dispose(), profile.close()]);
        },
      };
    } catch (thrown) {
      await open.model.dispose();
      throw thrown;
    }
  } catch (thrown) {
    await profile.close();
    throw thrown;
  }
}

/** What the neurons of each site are compared with, by the site's name. */
async function backgroundsOf(profile: Profile): Promise<ReadonlyMap<string, SiteBackground>> {
  const quantity = defaultQuantity(profile.tables);
  const shown = profile.tables.filter((table) => table.quantity === quantity);
  const backgrounds = await Promise.all(shown.map(({ site }) => profile.background(site, quantity)));
  return new Map(backgrounds.map((background) => [formatSite(background.site), background]));
}

/** Which of the model's values have a background. */
function exposedBy({ manifest, tables }: Profile): Pick<ModelRequest, 'part' | 'layers' | 'quantity'> {
  const [part, ...others] = new Set(tables.map(({ site }) => site.part));
  return {
    ...(part !== undefined && part !== 'model' && others.length === 0 && { part }),
    layers: [manifest.plan.layers[0]!, manifest.plan.layers[1]!],
    quantity: [defaultQuantity(tables)],
  };
}

function requireModelOf({ manifest: { model } }: Profile, { identity }: ActivationModel): void {
  if (identity.sha256 === model.sha256) return;
  throw new LensError(
    'profiles-differ',
    `The profile was made with ${model.id} (${model.dtype}), and ${identity.id} ` +
      `(${identity.dtype}) is another file. Name the profile's own model with --model.`,
  );
}

function runOf({ model, tokenizer }: OpenModel, { manifest, tables }: Profile): TextRun {
  const { plan, sinkMedians } = manifest;
  const { frame } = tokenizer;
  const medianOf = ({ site, quantity }: ActivationModel['outputs'][number]): number => {
    const table = tables.findIndex((other) => other.quantity === quantity && sameSite(other.site, site));
    return sinkMedians?.[table] ?? Infinity;
  };
  return {
    model: rememberWindows(model, REMEMBERED_BYTES),
    tokenizer,
    plan: windowPlanOf(plan, frame),
    population: new Population(plan, model.causal, frame),
    sinks: plan.dropSinks === null ? null : { ratio: plan.dropSinks, medians: model.outputs.map(medianOf) },
  };
}
