import type { Change, Setting } from '../../core/cause/change';
import { STRENGTH_QUANTILE, unchanged } from '../../core/cause/change';
import { LensError } from '../../core/common/errors';
import { formatNeuron, type NeuronAddress } from '../../core/common/neuronAddress';
import { randomOf, wholeBelow } from '../../core/common/random';
import type { Quantity } from '../../core/onnx/site';
import type { OpenNeuron } from '../../core/profile/queries/openNeuron';
import { openProfileFolder, type OpenedProfile } from '../profiles/openProfileFolder';

/** The profiles that settings name, each opened once, of one model. */
export class SettingProfiles {
  private readonly open = new Map<string, Promise<OpenedProfile>>();

  /**
   * @param sha256 of the model whose neurons are changed
   * @param quantity which of their tensors
   */
  constructor(
    private readonly sha256: string,
    private readonly quantity: Quantity,
  ) {}

  /** @throws LensError as `profile` does, `not-found` where it lacks the neuron */
  async neuron(folder: string, address: NeuronAddress): Promise<OpenNeuron> {
    return (await this.profile(folder)).neuron(address, { quantity: this.quantity });
  }

  /** @throws LensError `profiles-differ` where the profile is another model's */
  profile(folder: string): Promise<OpenedProfile> {
    const known = this.open.get(folder) ?? this.openOne(folder);
    this.open.set(folder, known);
    return known;
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.open.values());
    await Promise.all(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
  }

  private async openOne(folder: string): Promise<OpenedProfile> {
    const profile = await openProfileFolder(folder);
    const { model } = profile.manifest;
    if (model.sha256 === this.sha256) return profile;
    await profile.close();
    throw new LensError(
      'profiles-differ',
      `The profile ${folder} was made with ${model.id} (${model.dtype}), which is another file than the model here. ` +
        'Name the profile of this model.',
    );
  }
}

/** The activation that counts as a neuron's own strength. */
export async function ownStrength(
  profiles: SettingProfiles,
  folder: string,
  address: NeuronAddress,
): Promise<number> {
  return (await profiles.neuron(folder, address)).quantile(STRENGTH_QUANTILE);
}

/**
 * What a setting makes of one neuron at each token.
 * @param tokens for which a value each is drawn where places are resampled
 */
export async function resolveSetting(
  setting: Setting,
  address: NeuronAddress,
  tokens: number,
  profiles: SettingProfiles,
  seed: number,
): Promise<Change> {
  const same = unchanged(address);
  switch (setting.kind) {
    case 'factor':
      return { ...same, scale: setting.number };
    case 'clamp':
      return { ...same, low: setting.low, high: setting.high };
    case 'value':
    case 'amount': {
      const unit = setting.quantileOf === null ? 1 : await ownStrength(profiles, setting.quantileOf, address);
      return { ...same, scale: setting.kind === 'value' ? 0 : 1, shift: setting.number * unit };
    }
    case 'mean': {
      const { facts } = await profiles.neuron(setting.profile, address);
      const { mean } = facts.stats;
      if (mean === null) throw noValues(address, setting.profile);
      return { ...same, scale: 0, shift: mean };
    }
    case 'resample': {
      const { random } = await profiles.neuron(setting.profile, address);
      const values = random.filter(Number.isFinite);
      if (values.length === 0) throw noValues(address, setting.profile);
      const draw = randomOf(`${seed} resample`);
      const shift = Float32Array.from({ length: tokens }, () => values[wholeBelow(draw, values.length)]!);
      return { ...same, scale: 0, shift };
    }
  }
}

function noValues(address: NeuronAddress, folder: string): LensError {
  return new LensError('not-found', `The profile ${folder} holds no values of ${formatNeuron(address)}.`);
}
