import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConceptsProgress } from '../../../src/protocol/engine';
import { readFolderConcepts, readFolderControls } from '../../../src/runtime/profiles/readFolderConcepts';
import { findProfile } from '../../../src/runtime/profiles/settleFolder';
import { EngineClient } from '../../../src/vscode/engineClient/engineClient';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const engine = new EngineClient({
  script: join(root, 'dist', 'engine.cjs'),
  embeddedModel: join(root, 'media', 'embedded-model'),
  nodePath: () => process.execPath,
  log: { info: () => undefined, warn: () => undefined },
});
let folder = '';
let profile = '';

/** What was tested on the profile, as it lies there. */
const stored = async () => readFolderConcepts(profile, (await findProfile(profile))!);

const asked = () => ({ inputs: [folder], root: folder, model: 'default', out: profile });
const controls = async () => readFolderControls(profile, (await findProfile(profile))!, (await stored())!);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-concepts-'));
  profile = join(folder, 'profile');
  for (let file = 0; file < 24; file++) {
    const words = Array.from({ length: 60 }, (_, at) =>
      at % 3 === 0 ? `${at * 7 + file}` : 'Harbour gulls,',
    );
    await writeFile(join(folder, `${file}.txt`), words.join(' '));
  }
  await engine.calls.profile({ ...asked(), exclude: [], resume: false, threads: null });
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

it('stops a test of concepts when asked, and leaves the profile as it was', async () => {
  const stop = new AbortController();
  const stopped = engine.calls.concepts(
    { profile, model: 'default', threads: null },
    { signal: stop.signal, onProgress: () => stop.abort() },
  );
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(await stored()).toBeNull();
});

it('tests concepts on a profile, tells how far it is, and keeps the results beside it', async () => {
  const seen: ConceptsProgress[] = [];
  const outcome = await engine.calls.concepts(
    { profile, model: 'default', threads: null },
    { onProgress: (progress) => seen.push(progress) },
  );
  const results = await stored();
  const refused = results!.concepts.filter((concept) => concept.refused !== null);
  expect(outcome).toEqual({
    tested: results!.concepts.length - refused.length,
    refused: refused.length,
    named: Object.keys(results!.names).length,
    neurons: results!.named.of,
    partial: false,
    notices: [],
  });
  expect(results!.concepts.find(({ name }) => name === 'digits')?.refused).toBeNull();
  expect(outcome.refused).toBeGreaterThan(0);
  expect(new Set(seen.map(({ step }) => step))).toEqual(
    new Set(['labels', 'choosing', 'measuring', 'figures']),
  );
});

it('tests the concepts of the folder too, says which it leaves out, and keeps what it has when it is stopped', async () => {
  const concepts = {
    sevens: { regex: '\\d*7\\d*' },
    birds: { words: ['gulls'] },
    digits: { words: ['1'] },
    open: { regex: '(' },
    lost: { labels: 'nowhere.csv' },
  };
  await mkdir(join(folder, '.neuron-lens'));
  await writeFile(
    join(folder, '.neuron-lens/concepts.json'),
    JSON.stringify({ version: 1, concepts }, null, 1),
  );
  const stop = new AbortController();
  const outcome = await engine.calls.concepts(
    { profile, model: 'default', threads: null },
    { signal: stop.signal, onProgress: ({ step }) => step === 'figures' && stop.abort() },
  );
  expect(outcome.notices).toEqual([
    expect.stringMatching(/^\.neuron-lens\/concepts\.json, line 18: the expression of "open" is no/),
    expect.stringMatching(/^\.neuron-lens\/concepts\.json, line 20: .*nowhere\.csv/),
    'Your concept "digits" is left out: another has its name. Rename yours.',
  ]);
  const { concepts: kept, partial } = (await stored())!;
  expect({ partial: outcome.partial, tested: outcome.tested }).toEqual({
    partial: true,
    tested: kept.filter(({ refused }) => refused === null).length,
  });
  expect(partial).toBe(true);
  expect(kept.slice(0, 2).map(({ name, family }) => [name, family])).toEqual([
    ['sevens', 'own'],
    ['birds', 'own'],
  ]);
  expect(kept[0]!.refused).toBeNull();
  expect(kept.at(-1)!.name).not.toBe('birds');
});

it('tests one concept anew beside the others, and alone where there were none', async () => {
  // The test before was stopped once the first of them, "sevens", was measured.
  const before = (await stored())!;
  const again = (name: string) => ({ profile, model: 'default', threads: null, only: [name] });
  const outcome = await engine.calls.concepts(again('sevens'), {});
  const after = (await stored())!;
  const others = ({ concepts }: typeof after) =>
    concepts
      .filter(({ name }) => name !== 'sevens')
      .map(({ name, positives, many }) => [name, positives, many]);
  expect(others(after)).toEqual(others(before));
  expect(outcome).toMatchObject({ tested: after.concepts.filter(({ refused }) => refused === null).length });
  const { q: _, named, under, ...sevens } = after.concepts[0]!.neurons[0]!;
  expect(before.concepts[0]!.neurons[0]).toMatchObject(sevens);
  expect(outcome.named).toBe(Object.keys(after.names).length);
  // What is there of a former test is gone with its profile's annex.
  await rm(profile, { recursive: true });
  await engine.calls.profile({ ...asked(), exclude: [], resume: false, threads: null });
  expect(await engine.calls.concepts(again('birds'), {})).toMatchObject({
    tested: 1,
    refused: 0,
    partial: false,
  });
  expect((await stored())!.concepts.map(({ name }) => name)).toEqual(['birds']);
}, 120_000);

it('makes a control of what was tested, of the same concepts as they are found now, or keeps nothing of it', async () => {
  const stop = new AbortController();
  const asked = { profile, model: 'default', threads: null };
  const stopped = engine.calls.conceptControl(
    { ...asked, control: 'shuffled' },
    { signal: stop.signal, onProgress: () => stop.abort() },
  );
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(await controls()).toEqual([]);
  const seen = new Set<string>();
  const outcome = await engine.calls.conceptControl(
    { ...asked, control: 'embedding' },
    { onProgress: ({ step }) => seen.add(step) },
  );
  expect([...seen]).toEqual(['profile', 'labels', 'choosing', 'measuring', 'figures']);
  const [kept, ...others] = await controls();
  expect(others).toEqual([]);
  expect(outcome).toMatchObject({ control: 'embedding', named: kept!.named, tested: 1, refused: 0 });
  const [birds] = kept!.concepts;
  // A word that is one token is known by its embedding.
  expect(birds).toMatchObject({ name: 'birds', refused: null });
  expect(Math.abs(birds!.neuron!.auroc - 0.5)).toBeGreaterThan(0.4);
  expect(kept!.test).toBe((await stored())!.created);

  await writeFile(
    join(folder, '.neuron-lens/concepts.json'),
    JSON.stringify({ version: 1, concepts: { birds: { words: ['harbour'] } } }),
  );
  await engine.calls.conceptControl({ ...asked, control: 'embedding' }, {});
  expect((await controls())[0]!.concepts[0]).toMatchObject({
    neuron: null,
    refused: 'it has other labels now than in the test. Test concepts again',
  });
});

it('tests what the editor sends, by the offsets of its files, and nothing else where that is asked', async () => {
  const files = Array.from({ length: 24 }, (_, file) => ({
    file: `${file}.txt`,
    // The first word of each file, which is a number, and the words behind it.
    bounds: Uint32Array.of(0, `${file}`.length, `${file}`.length + 1, 60),
  }));
  const outcome = await engine.calls.concepts(
    {
      ...{ profile, model: 'default', threads: null, sources: [] },
      labels: [{ name: 'semantic token: start', source: 'editor', pattern: 'semantic tokens', files }],
    },
    {},
  );
  expect(outcome).toMatchObject({ tested: 1, refused: 0, notices: [] });
  const [concept, ...others] = (await stored())!.concepts;
  expect(others).toEqual([]);
  expect(concept).toMatchObject({ name: 'semantic token: start', family: 'editor', source: 'editor' });
  expect(concept!.positives.a + concept!.positives.b).toBeGreaterThan(24 * 5);
  const asked = { profile, model: 'default', threads: null, control: 'embedding' };
  expect(await engine.calls.conceptControl(asked, {})).toMatchObject({ tested: 0, refused: 1 });
  expect((await controls())[0]!.concepts[0]!.refused).toBe('its labels are not at hand any more');
  const labels = [
    { name: 'semantic token: start', source: 'editor' as const, pattern: 'semantic tokens', files },
  ];
  expect(await engine.calls.conceptControl({ ...asked, labels }, {})).toMatchObject({ tested: 1 });
});
