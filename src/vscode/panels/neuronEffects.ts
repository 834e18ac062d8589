import type { EffectAnswer, LayerCalibration } from '../../core/cause/effectAnswer';
import { LensError, toLensError } from '../../core/common/errors';
import type { Quantity } from '../../core/onnx/site';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { modelOf } from '../profiles/profileEntry';
import { requireTrust } from '../trustedWorkspace';
import type { PanelServices } from './commonAnswers';

/** Tokens on each side, as on the command line. */
const TOKENS = 10;

interface EffectWish {
  /** The one that is shown: only of activations can a profile say how strong the neuron is. */
  readonly quantity: Quantity;
  readonly calibrate: boolean;
}

/** What neurons do to the output of their profile's model, asked of the engine. Remembers what holds for a whole model. */
export class NeuronEffects {
  /** Hashes of models without a head over a vocabulary: they are not asked again. */
  private readonly headless = new Set<string>();
  private readonly calibrations = new Map<string, readonly LayerCalibration[]>();

  constructor(private readonly services: Pick<PanelServices, 'engine' | 'library'>) {}

  /**
   * @returns null where the model has no head over a vocabulary
   * @throws LensError in an untrusted workspace, where the profile is gone, and as the engine's `effect` does
   */
  async of(
    { profile, id }: PinnedNeuron,
    { quantity, calibrate }: EffectWish,
    signal: AbortSignal,
  ): Promise<EffectAnswer | null> {
    const { engine, library } = this.services;
    const entry = await library.find(profile);
    if (!entry || !('manifest' in entry)) {
      throw new LensError('not-found', 'The profile is gone, so its model is not known. Open another one.');
    }
    const { sha256 } = entry.manifest.model;
    if (this.headless.has(sha256)) return null;
    requireTrust('try');
    const known = this.calibrations.get(sha256);
    const request = {
      ...modelOf(entry),
      ...{ neuron: id, text: null, tokens: TOKENS },
      profile: quantity === 'act' ? profile : null,
      calibrate: calibrate && !known,
    };
    try {
      const answer = await engine.calls.effect(request, { signal });
      if (answer.calibration) this.calibrations.set(sha256, answer.calibration);
      return { ...answer, calibration: answer.calibration ?? known ?? null };
    } catch (thrown) {
      if (toLensError(thrown).code !== 'no-head') throw thrown;
      this.headless.add(sha256);
      return null;
    }
  }
}
