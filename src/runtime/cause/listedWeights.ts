import { LensError } from '../../core/common/errors';
import type { Manifest } from '../../core/profile/manifest';
import type { WeightFigures } from '../../core/stats/weightFigures';
import { HeadModel } from './headModel';
import { tokenNamed } from './tokenNamed';
import { towardToken, weightFigures } from './weightFigures';

/** What of a profile's neurons is wanted from its model's weights. */
export interface WeightsQuestion {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly embeddedModel: string;
  /** The profile's own where absent. */
  readonly model: string | undefined;
  readonly dtype: string | undefined;
  /** A token, by its text or number, or null. */
  readonly promotes: string | null;
  readonly weights: boolean;
  readonly signal: AbortSignal;
}

/** Figures of the weights of a profile's neurons, by their names. */
export interface ListedWeights {
  readonly toward: {
    readonly id: number;
    readonly token: string;
    readonly effects: ReadonlyMap<string, number>;
  } | null;
  readonly weights: ReadonlyMap<string, WeightFigures> | null;
}

/**
 * Reads the weights of the model that a profile was made with.
 * @throws LensError `profiles-differ` where the model is another file than the profile's
 */
export async function listedWeights(question: WeightsQuestion): Promise<ListedWeights> {
  const { manifest, embeddedModel, promotes, weights, signal, folder } = question;
  const { id, dtype, sha256 } = manifest.model;
  const request = { model: question.model ?? id, dtype: question.dtype ?? dtype, embeddedModel };
  const model = await HeadModel.open(request, null);
  try {
    if (model.whole.analysed.sha256 !== sha256) {
      throw new LensError(
        'profiles-differ',
        `The profile ${folder} was made with another file than ${request.model} (${request.dtype}). ` +
          'Name its model with --model and --dtype.',
      );
    }
    const token = promotes === null ? null : await tokenNamed(model.whole, model.vocabulary, promotes);
    return {
      toward:
        token === null
          ? null
          : {
              id: token,
              token: model.whole.textOf([token]),
              effects: await towardToken(model, token, signal),
            },
      weights: weights ? await weightFigures(model, signal) : null,
    };
  } finally {
    await model.dispose();
  }
}
