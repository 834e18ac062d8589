import { formatSite, neuronFormat } from '../core/common/neuronAddress';
import type { TowardReply, TowardRequest, WeightsRequest } from '../protocol/engine';

/**
 * Which neurons of a profile write toward a token, as `neurons --promotes` ranks them.
 * @throws LensError as `openProfileFolder` and `listedWeights` do
 */
export async function toward(
  { profile: folder, model, dtype, token: promotes, limit }: TowardRequest,
  embeddedModel: string,
  signal: AbortSignal,
): Promise<TowardReply> {
  const [{ openProfileFolder }, { listedWeights }] = await Promise.all([
    import('../runtime/profiles/openProfileFolder'),
    import('../runtime/cause/listedWeights'),
  ]);
  const opened = await openProfileFolder(folder);
  await opened.close();
  const { manifest, tables } = opened;
  const question = { folder, manifest, embeddedModel, model, dtype, promotes, weights: false, signal };
  const { id, token, effects } = (await listedWeights(question)).toward!;
  const sites = new Map(tables.map(({ site }) => [formatSite(site), site]));
  const neurons = [...sites.values()]
    .flatMap((site) => Array.from({ length: site.dFf }, (_, neuron) => neuronFormat(site)(neuron)))
    .flatMap((name) => (effects.has(name) ? [{ id: name, effect: effects.get(name)! }] : []))
    .sort((one, other) => other.effect - one.effect)
    .slice(0, limit);
  return { id, token, neurons };
}

/**
 * Computes the figures of the weights of all neurons of a profile and keeps them with it.
 * @throws LensError as `keepFolderWeights` does
 */
export async function keepWeights(
  { profile: folder, model, dtype }: WeightsRequest,
  embeddedModel: string,
  signal: AbortSignal,
): Promise<void> {
  const { keepFolderWeights } = await import('../runtime/cause/keptWeights');
  await keepFolderWeights({ folder, model, dtype, embeddedModel }, signal);
}
