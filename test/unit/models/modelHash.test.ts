import { createHash } from 'node:crypto';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { knownModelHash, lookAt, modelHash } from '../../../src/runtime/models/modelHash';
import { temporaryFolder } from '../files/temporaryFolder';

const folder = temporaryFolder();
const model = (): string => join(folder.path, 'model.onnx');
const weights = (): string => join(folder.path, 'model.onnx_data');
beforeEach(() => {
  vi.stubEnv('NEURON_LENS_CACHE', join(folder.path, 'cache'));
  writeFileSync(model(), 'graph');
  writeFileSync(weights(), 'weights');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** As if the files had lain there for a while. */
const later = (): void => void vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashed = async (graph = 'graph'): Promise<string> =>
  modelHash(await lookAt(model()), Buffer.from(graph), [weights()]);

describe('the hash of a model', () => {
  it('is that of its bytes, the weights after the graph', async () => {
    expect(await hashed()).toBe(sha256('graphweights'));
  });

  it('is remembered while the files look the same, and no longer', async () => {
    later();
    expect(await knownModelHash(model())).toBeNull();
    await hashed();
    expect(await knownModelHash(model())).toBe(sha256('graphweights'));
    // Other bytes than were hashed: they are not looked at again.
    expect(await hashed('other')).toBe(sha256('graphweights'));
    writeFileSync(weights(), 'changed');
    expect(await knownModelHash(model())).toBeNull();
    expect(await hashed()).toBe(sha256('graphchanged'));
  });

  it('is reckoned anew when only the time of a file differs', async () => {
    later();
    await hashed();
    utimesSync(model(), new Date(0), new Date(0));
    expect(await knownModelHash(model())).toBeNull();
  });

  it('is not remembered of a file that was written just now, nor of one whose time has whole seconds only', async () => {
    const time = Math.floor(Date.now() / 1000) - 1;
    const { changed } = await lookAt(weights());
    vi.spyOn(Date, 'now').mockReturnValue(changed + 20);
    await hashed();
    expect(await knownModelHash(model())).toBeNull();
    utimesSync(model(), time, time);
    vi.spyOn(Date, 'now').mockReturnValue((await lookAt(model())).changed + 1_000);
    await hashed();
    expect(await knownModelHash(model())).toBeNull();
    vi.spyOn(Date, 'now').mockReturnValue((await lookAt(model())).changed + 3_000);
    await hashed();
    expect(await knownModelHash(model())).toBe(sha256('graphweights'));
  });

  it('is reckoned anew when its record is damaged', async () => {
    later();
    await hashed();
    const records = join(folder.path, 'cache/model-hashes');
    for (const name of readdirSync(records)) writeFileSync(join(records, name), '{"sha256":"0000');
    expect(await hashed()).toBe(sha256('graphweights'));
  });
});
