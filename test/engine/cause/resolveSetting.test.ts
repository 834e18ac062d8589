import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parseNeuronSetting } from '../../../src/core/cause/change';
import { openProfileFolder } from '../../../src/runtime/profiles/openProfileFolder';
import { resolveSetting, SettingProfiles } from '../../../src/runtime/cause/resolveSetting';

const PROFILE = path.join(import.meta.dirname, '../../fixtures/profile-v2/profile');
const TOKENS = 40;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function resolved(change: string, seed = 1, sha256?: string) {
  const profile = await openProfileFolder(PROFILE);
  const profiles = new SettingProfiles(sha256 ?? profile.manifest.model.sha256, 'pre');
  closing.push(
    () => profile.close(),
    () => profiles.close(),
  );
  const { address, setting } = parseNeuronSetting(change)!;
  const neuron = await profile.neuron(address, { quantity: 'pre' });
  return { neuron, change: await resolveSetting(setting, address, TOKENS, profiles, seed) };
}

it('sets a neuron to its mean in a profile, and counts strengths in its 99.9 % quantile', async () => {
  const mean = await resolved(`L0.N10=mean:${PROFILE}`);
  expect(mean.change).toMatchObject({ scale: 0, shift: mean.neuron.facts.stats.mean });
  const quantile = mean.neuron.quantile(0.999);
  expect((await resolved(`L0.N10=2q:${PROFILE}`)).change).toMatchObject({ scale: 0, shift: 2 * quantile });
  expect((await resolved(`L0.N10-0.5q:${PROFILE}`)).change).toMatchObject({
    scale: 1,
    shift: -0.5 * quantile,
  });
});

it('draws a value for each token from its stored random places, by the seed', async () => {
  const { change, neuron } = await resolved(`L0.N10=resample:${PROFILE}`);
  const values = [...(change.shift as Float32Array)];
  expect(values).toHaveLength(TOKENS);
  const stored = new Set(Float32Array.from(neuron.random.filter(Number.isFinite)));
  expect(values.filter((value) => !stored.has(value))).toEqual([]);
  expect(new Set(values).size).toBeGreaterThan(TOKENS / 4);
  expect((await resolved(`L0.N10=resample:${PROFILE}`)).change.shift).toEqual(change.shift);
  expect((await resolved(`L0.N10=resample:${PROFILE}`, 2)).change.shift).not.toEqual(change.shift);
});

it("refuses a profile of another model's neurons", async () => {
  await expect(resolved(`L0.N10=mean:${PROFILE}`, 1, 'another')).rejects.toThrow(
    /which is another file than the model here/,
  );
});
