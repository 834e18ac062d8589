import { describe, expect, it } from 'vitest';
import type { FfnSite } from '../../../src/core/onnx/site';
import { batchSizeFor } from '../../../src/runtime/profiling/batchSize';

function sitesOf(layers: number, dModel: number, dFf: number, gated: boolean): FfnSite[] {
  return Array.from({ length: layers }, (_, layer) => ({
    ...{ part: 'model', block: null, expert: null, layer, dModel, dFf, gated },
    ...{ packed: false, activation: 'gelu_erf', sharedWith: null, quantities: ['act'] },
  }));
}

function sizeFor(sites: FfnSite[], exposed = sites): number {
  return batchSizeFor({ sites, outputs: exposed.map((site) => ({ site, quantity: 'act' })) });
}

describe('the size of a batch', () => {
  it.each([
    { name: 'the embedded model', sites: sitesOf(4, 192, 768, false), size: 1024 },
    { name: 'MiniLM', sites: sitesOf(6, 384, 1536, false), size: 1024 },
    { name: 'BERT base', sites: sitesOf(12, 768, 3072, false), size: 256 },
    { name: 'SmolLM 135M', sites: sitesOf(30, 576, 1536, true), size: 256 },
    { name: 'a model of 7 billion', sites: sitesOf(32, 4096, 11008, true), size: 256 },
  ])('$name: $size', ({ sites, size }) => {
    expect(sizeFor(sites)).toBe(size);
  });

  it('goes by the layers that are run', () => {
    const sites = sitesOf(30, 576, 1536, true);
    expect(sizeFor(sites, sites.slice(0, 1))).toBe(1024);
    expect(sizeFor(sites, sites.slice(29))).toBe(256);
  });
});
