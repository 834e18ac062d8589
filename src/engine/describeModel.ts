import type { ModelDescription } from '../protocol/engine';

/**
 * Opens a model once, with its tokenizer, and tells what it is.
 * @throws LensError where it cannot be profiled, with the reason
 */
export async function describeModel(model: string, embeddedModel: string): Promise<ModelDescription> {
  const { openModel } = await import('../runtime/profiling/openModel');
  const opened = await openModel({ model, embeddedModel, quantity: ['act'] });
  try {
    const { sites, identity } = opened.model;
    return {
      id: identity.id,
      dtype: identity.dtype,
      layers: new Set(sites.map((site) => `${site.part} ${site.layer}`)).size,
      neurons: sites.reduce((sum, site) => sum + site.dFf, 0),
      activation: sites[0]?.activation ?? 'other',
    };
  } finally {
    await opened.model.dispose();
  }
}
