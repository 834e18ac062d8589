import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { EffectRequest } from '../../../src/protocol/engine';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import { NeuronEffects } from '../../../src/vscode/panels/neuronEffects';
import { realEffect } from '../../webview/messages';

const { vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);

const { workspace } = vscode as { workspace: { isTrusted: boolean } };
const { signal } = new AbortController();
const model = { id: 'org/model', dtype: 'q8', sha256: 'abc' };

function neuron(id: string, profile = '/p') {
  return { profile, profileName: 'docs', id };
}

/** Effects of neurons of a profile, with the engine played by the test. */
function effects(answer: (request: EffectRequest) => unknown) {
  const asked: EffectRequest[] = [];
  const services = {
    engine: {
      calls: {
        effect: (request: EffectRequest) => {
          asked.push(request);
          return Promise.resolve().then(() => answer(request));
        },
      },
    },
    library: {
      find: (folder: string) =>
        Promise.resolve(
          folder === '/gone' ? null : { folder, name: 'docs', manifest: { model }, recipe: null },
        ),
    },
  } as unknown as PanelServices;
  return { asked, effects: new NeuronEffects(services) };
}

const wish = { quantity: 'act', calibrate: false } as const;

beforeEach(() => (workspace.isTrusted = true));

describe('what a neuron does to the output, as the editor asks for it', () => {
  it('is asked of the profile’s own model, with the strength that the neuron has there', async () => {
    const { asked, effects: asking } = effects(() => ({ ...realEffect, calibration: null }));
    expect(await asking.of(neuron('L3.N652'), wish, signal)).toEqual({ ...realEffect, calibration: null });
    await asking.of(neuron('L3.N7'), { ...wish, quantity: 'pre' }, signal);
    expect(asked).toEqual([
      {
        ...{ model: 'org/model', dtype: 'q8', neuron: 'L3.N652', text: null, tokens: 10 },
        ...{ profile: '/p', calibrate: false },
      },
      expect.objectContaining({ neuron: 'L3.N7', profile: null }),
    ]);
  });

  it('compares a model with ablations once, and says so of all its neurons', async () => {
    const { asked, effects: asking } = effects(({ calibrate }) => ({
      ...realEffect,
      calibration: calibrate ? realEffect.calibration : null,
    }));
    expect((await asking.of(neuron('L3.N652'), wish, signal))!.calibration).toBeNull();
    await asking.of(neuron('L3.N652'), { ...wish, calibrate: true }, signal);
    const later = await asking.of(neuron('L0.N1', '/another'), { ...wish, calibrate: true }, signal);
    expect(later!.calibration).toEqual(realEffect.calibration);
    expect(asked.map(({ calibrate }) => calibrate)).toEqual([false, true, false]);
  });

  it('is nothing for a model without a head, which is asked once', async () => {
    const { asked, effects: asking } = effects(() => {
      throw new LensError('no-head', 'org/model has no head over its vocabulary.');
    });
    expect(await asking.of(neuron('L0.N1'), wish, signal)).toBeNull();
    workspace.isTrusted = false;
    expect(await asking.of(neuron('L0.N2'), wish, signal)).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('passes on why there is none, and runs no model in an untrusted workspace', async () => {
    const { asked, effects: asking } = effects(() => {
      throw new LensError('engine-unavailable', 'The engine is gone.');
    });
    await expect(asking.of(neuron('L0.N1'), wish, signal)).rejects.toThrow('The engine is gone.');
    await expect(asking.of(neuron('L0.N1', '/gone'), wish, signal)).rejects.toThrow('The profile is gone');
    workspace.isTrusted = false;
    await expect(asking.of(neuron('L0.N1'), wish, signal)).rejects.toThrow('trusted workspace');
    expect(asked).toHaveLength(1);
  });
});
