import { LensError } from '../../core/common/errors';
import type { TextRun } from '../../core/pipeline/textActivations';
import type { Profile } from '../../core/profile/openProfile';
import type { SiteBackground } from '../../core/profile/reading/siteBackground';
import { rememberWindows } from '../../core/selection/rememberWindows';
import { openModel, type ModelRequest, type OpenModel } from './openModel';
import { openProfileFolder } from '../files/openProfileFolder';

/** A window of 256 tokens takes 9 MiB of MiniLM, 47 MiB of a model with 46k neurons. */
const REMEMBERED_BYTES = 128 * 2 ** 20;

/** A profile and its model, open together: what questions about a text stand on. */
export interface ProfileGround extends OpenModel {
  readonly folder: string;
  readonly profile: Profile;
  readonly run: TextRun;
  /** In the order of the model's outputs. */
  readonly backgrounds: readonly SiteBackground[];
  dispose(): Promise<void>;
}

/**
 * Opens a profile and the model that it was made with, exposing the same layers and quantities.
 * @throws LensError when the model is another one than the profile's, as its values would not compare
 */
export async function openProfileGround(
  folder: string,
  request: Omit<ModelRequest, 'layers' | 'quantity' | 'part'>,
): Promise<ProfileGround> {
  const profile = await openProfileFolder(folder);
  const { plan, model: profiled } = profile.manifest;
  const [part, ...others] = new Set(profile.tables.map(({ site }) => site.part));
  const open = await openModel({
    ...request,
    ...(part !== undefined && part !== 'model' && others.length === 0 && { part }),
    layers: [plan.layers[0]!, plan.layers[1]!],
    quantity: plan.quantity.slice(0, 1),
  });
  if (open.model.identity.sha256 !== profiled.sha256) {
    await open.model.dispose();
    throw new LensError(
      'profiles-differ',
      `The profile was made with ${profiled.id} (${profiled.dtype}), and ${open.model.identity.id} ` +
        `(${open.model.identity.dtype}) is another file. Name the profile's own model with --model.`,
    );
  }
  const frame = open.tokenizer.frame;
  return {
    ...open,
    folder,
    profile,
    run: {
      model: rememberWindows(open.model, REMEMBERED_BYTES),
      tokenizer: open.tokenizer,
      plan: {
        length: plan.window - frame.before.length - frame.after.length,
        stride: plan.stride,
        scoring: plan.scoring,
      },
      omitFirstPosition: open.model.causal && !plan.keepSinks && frame.before.length === 0,
    },
    backgrounds: await Promise.all(
      open.model.outputs.map(({ site, quantity }) => profile.background(site, quantity)),
    ),
    dispose: async () => {
      await Promise.all([open.model.dispose(), profile.close()]);
    },
  };
}
