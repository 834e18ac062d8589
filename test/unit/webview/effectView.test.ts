import { describe, expect, it } from 'vitest';
import type { EffectAnswer } from '../../../src/core/cause/effectAnswer';
import {
  calibratedLayers,
  calibrationSentence,
  effectBars,
  effectCaption,
  shapeWords,
} from '../../../webview/neuron/effect/effectView';
import { realEffect } from '../../webview/messages';

const token = (effect: number, id: number) => ({ id, token: `t${id}`, effect });
const layer = (site: string, head: number | null, weights: number | null = head) => ({
  ...{ site, neurons: 32, head, weights },
});

function sentence(neuron: string, calibration: EffectAnswer['calibration']): string {
  return calibrationSentence(calibratedLayers({ ...realEffect, neuron, calibration }, 'head'));
}

describe('what is shown of an effect', () => {
  it('puts both sides on one scale, and effects of 0 without a bar', () => {
    const { promoted, suppressed } = effectBars({
      promoted: [token(0.5, 1), token(0.1, 2)],
      suppressed: [token(-2, 3), token(-0.5, 4)],
    });
    expect(promoted.map(({ length }) => length)).toEqual([0.25, 0.05]);
    expect(suppressed.map(({ length, effect }) => [length, effect])).toEqual([
      [1, -2],
      [0.25, -0.5],
    ]);
    const none = effectBars({ promoted: [token(0, 1)], suppressed: [token(0, 2)] });
    expect([...none.promoted, ...none.suppressed].map(({ length }) => length)).toEqual([0, 0]);
    expect(effectBars({ promoted: [], suppressed: [] })).toEqual({ promoted: [], suppressed: [] });
  });

  it('says at which activation, and where that is from', () => {
    expect(effectCaption(realEffect, 'head')).toContain(
      'at an activation of 3.70, its 99.9 % quantile in this profile',
    );
    expect(effectCaption({ ...realEffect, strength: 1, strengthOf: 'one' }, 'head')).toContain(
      'at an activation of 1.00, through',
    );
    expect(effectCaption(realEffect, 'weights')).toContain(
      'an activation of 1 where the final norm scales by 1',
    );
  });

  it('names the figures of the weights that are known', () => {
    expect(shapeWords(realEffect)).toMatch(/^‖w_out‖ 2\.76 · ‖w_in‖ 2\.44 · cos\(w_in, w_out\) 0\.26 · over/);
    const shape = { outNorm: 2, inNorm: null, cosine: null, kurtosis: null, skewness: null };
    expect(shapeWords({ ...realEffect, shape, agreement: null })).toBe('‖w_out‖ 2.00');
  });

  it('says how far it can be trusted: in its own layer first, then from the worst to the best', () => {
    const layers = [layer('L0', 0.57), layer('L1', 0.731), layer('L2', null), layer('L3', 0.998)];
    expect(sentence('L1.N7', layers)).toBe(
      'On this model the estimate correlates with true ablation at 0.73 in this layer; by layers from 0.57 (L0) to 1.00 (L3).',
    );
    expect(sentence('L2.N7', layers)).toBe(
      'On this model the estimate correlates with true ablation from 0.57 (L0) to 1.00 (L3).',
    );
    expect(sentence('dec:L0.N7', [layer('dec:L0', 0.9)])).toBe(
      'On this model the estimate correlates with true ablation at 0.90 in this layer.',
    );
    expect(sentence('L2.N7', [layer('L2', null)])).toBe(
      'On this model nothing could be compared with true ablation.',
    );
    expect(sentence('L2.N7', [])).toContain('nothing could be compared');
  });

  it('keeps the two ways apart', () => {
    const answer = { ...realEffect, neuron: 'L1.E3.N7', calibration: [layer('L1.E3', 0.9, 0.4)] };
    expect(calibratedLayers(answer, 'weights')).toEqual([
      { site: 'L1.E3', neurons: 32, correlation: 0.4, own: true },
    ]);
    expect(calibratedLayers(answer, 'head')[0]!.correlation).toBe(0.9);
  });
});
