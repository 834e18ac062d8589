import { selfTestOf } from '../core/common/selfTest';
import type { ModelDescription, DescribeRequest } from '../protocol/engine';

/**
 * Opens a model once, with its tokenizer, and tells what it is and how its self-test went.
 * @throws LensError where it cannot be profiled, with the reason
 */
export async function describeModel(
  { model, dtype, again = false }: DescribeRequest,
  embeddedModel: string,
): Promise<ModelDescription> {
  const { openModel } = await import('../runtime/profiling/openModel');
  const opened = await openModel({
    model,
    ...(dtype !== undefined && { dtype }),
    embeddedModel,
    quantity: ['act'],
    selfTest: { again },
  });
  try {
    const { sites, identity, selfTest } = opened.model;
    return {
      id: identity.id,
      dtype: identity.dtype,
      layers: new Set(sites.map((site) => `${site.part} ${site.layer}`)).size,
      neurons: sites.reduce((sum, site) => sum + site.dFf, 0),
      activation: sites[0]?.activation ?? 'other',
      selfTest: selfTest ?? selfTestOf([]),
    };
  } finally {
    await opened.model.dispose();
  }
}
