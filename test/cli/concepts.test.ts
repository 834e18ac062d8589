import { spawn } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ConceptResults } from '../../src/core/concepts/conceptResults';
import type { ConceptControl } from '../../src/core/concepts/controls/conceptControl';
import type { NeuronMeaning } from '../../src/core/concepts/neuronMeaning';
import { lensJson, runLens, temporaryFolder } from './runLens';

// A test here runs up to six whole commands, each of which tests concepts on a model.
vi.setConfig({ testTimeout: 240_000 });

const FILES = 24;
let folder: string;
let profile: string;

let prose: readonly string[];

/** Words of a book in their order, from a place of its own in each file, every ninth a number. */
function textOf(file: number, words = 150, book = prose): string {
  return Array.from({ length: words }, (_, at) =>
    at % 9 === 4 ? String(((file + 3) * (at + 11) * 7919) % 2000) : book[(file * 150 + at) % book.length]!,
  ).join(' ');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  prose = (await readFile('sample/prose/cape-cod-chapter-1.txt', 'utf8')).split(/\s+/);
  profile = join(folder, 'profile');
  await mkdir(join(folder, 'texts'));
  for (let file = 0; file < FILES; file++) {
    await writeFile(join(folder, 'texts', `${String(file).padStart(2, '0')}.txt`), textOf(file));
  }
  await lensJson(['profile', 'texts', '--out', profile], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const concepts = (...args: string[]) => lensJson<ConceptResults>(['concepts', profile, ...args]);
type Controlled = ConceptResults & { controls: ConceptControl[] };
/** A command that is refused: what it says. */
async function refusal(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runLens(['concepts', profile, '--only', 'digits', ...args]);
  expect(status, stderr).toBeOneOf([1, 2]);
  expect(stdout).toBe('');
  return stderr.trim();
}
async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('concepts of a profile', () => {
  it('name neurons, which carry the name and the figures wherever they are listed', async () => {
    const own = ['--regex', 'figures=\\d+', '--words', 'articles=["the","a","an"]'];
    const results = await concepts('--only', 'digits,commas,figures,articles', ...own);
    const [figures, articles, digits, commas] = results.concepts;
    expect([figures?.name, articles?.name, digits?.name, commas?.name]).toEqual([
      'figures',
      'articles',
      'digits',
      'commas',
    ]);
    expect(figures).toMatchObject({ family: 'own', source: 'regex', pattern: '\\d+', refused: null });
    // The two are one concept: the same neurons, and one of the two gives the name.
    expect(figures!.positives).toEqual(digits!.positives);
    const [id, name] = Object.entries(results.names).find(([, { concept }]) =>
      /digits|figures/.test(concept),
    )!;
    const rows = [figures!, digits!].map(({ neurons }) => neurons.find((neuron) => neuron.id === id)!);
    expect(rows.map(({ named }) => named)).toEqual([true, true]);
    expect(rows.map(({ under }) => under).sort()).toEqual([name.concept, null]);

    const page = await lensJson<NeuronMeaning>(['neuron', profile, id]);
    expect(page.name).toEqual(name);
    expect(page.concepts.map((row) => row.name).sort()).toEqual(
      results.concepts
        .filter(({ neurons }) => neurons.some((neuron) => neuron.id === id))
        .map((concept) => concept.name)
        .sort(),
    );
    expect(page.conceptTests).toEqual({ tested: 4, refused: 0 });
    type Listed = Pick<NeuronMeaning, 'name' | 'concepts'> & { id: string };
    const { neurons } = await lensJson<{ neurons: Listed[] }>(['neurons', profile, '--limit', '4000']);
    expect(Object.fromEntries(neurons.flatMap((row) => (row.name ? [[row.id, row.name]] : [])))).toEqual(
      results.names,
    );
    expect(neurons.find((row) => row.id === id)?.concepts).toEqual(page.concepts);
    const byName = await lensJson<{ neurons: Listed[] }>([
      'neurons',
      profile,
      '--sort',
      'name',
      '--limit',
      '4000',
    ]);
    const sureness = ({ name }: Listed) => (name ? Math.abs(name.auroc - 0.5) : 0);
    const leaders = new Map<string, Listed>();
    for (const row of neurons.toSorted((a, b) => sureness(b) - sureness(a))) {
      if (row.name && !leaders.has(row.name.concept)) leaders.set(row.name.concept, row);
    }
    expect(leaders.size).toBeGreaterThan(1);
    expect(byName.neurons.slice(0, leaders.size).map((row) => row.id)).toEqual(
      [...leaders.values()].map((row) => row.id),
    );
    const named = Object.keys(results.names).length;
    expect(byName.neurons.map(({ name }) => name !== null)).toEqual(neurons.map((_, place) => place < named));
    const rest = (rows: Listed[]) => rows.filter(({ name }) => name === null).map((row) => row.id);
    expect(rest(byName.neurons)).toEqual(rest(neurons));
    const question = ['selection', profile, '--text', 'In 1912 and 1913', '--limit', '4000'];
    const selection = await lensJson<{ rows: Listed[] }>(question);
    expect(selection.rows.find((row) => row.id === id)?.name).toEqual(name);
    expect((await runLens(question)).stdout).toContain('goes with');
  });

  it('have larger q under any dependence, by one factor', async () => {
    const [plain, strict] = await Promise.all([
      concepts('--only', 'digits,commas'),
      // The second waits for the lock of the first otherwise.
      cp(profile, join(folder, 'strict'), { recursive: true }).then(() =>
        lensJson<ConceptResults>(['concepts', join(folder, 'strict'), '--only', 'digits,commas', '--strict']),
      ),
    ]);
    const q = (results: ConceptResults) =>
      results.concepts.flatMap(({ neurons }) => neurons.map((neuron) => neuron.q));
    const tests = q(plain).length;
    const factor = Array.from({ length: tests }, (_, i) => 1 / (i + 1)).reduce((sum, part) => sum + part, 0);
    q(strict).forEach((strictly, i) => expect(strictly).toBeCloseTo(Math.min(1, factor * q(plain)[i]!), 10));
    expect(factor).toBeGreaterThan(3);
  });

  it('are found in stretches where documents are few', async () => {
    const long = join(folder, 'long');
    await writeFile(join(folder, 'long.txt'), textOf(3, 17_000));
    await lensJson(['profile', 'long.txt', '--out', long], { cwd: folder });
    const { stdout } = await runLens(['concepts', long, '--only', 'digits']);
    expect(stdout).toMatch(/; 1 concepts? tested on \d\d stretches of documents\./);
    expect(stdout).toMatch(/^digits +L\d\.N\d+ /m);
  });

  it('are left out of a merged profile, which says so', async () => {
    const shards = await Promise.all(
      [1, 2].map(async (shard) => {
        const out = join(folder, `shard-${shard}`);
        await lensJson(['profile', 'texts', '--shard', `${shard}/2`, '--out', out], { cwd: folder });
        return out;
      }),
    );
    await lensJson(['concepts', shards[0]!, '--only', 'digits']);
    const merged = join(folder, 'merged');
    const { stderr, status } = await runLens(['merge', ...shards, '--out', merged]);
    expect(status).toBe(0);
    expect(stderr).toContain('What was found out before (concepts) is about fewer tokens');
    const page = await lensJson<NeuronMeaning>(['neuron', merged, 'L0.N251']);
    expect(page).toMatchObject({ conceptTests: null, name: null, concepts: [] });
  });
});

it('are tested beside the original with shuffled weights, by the embedding alone and on other texts', async () => {
  const other = join(folder, 'other');
  const book = (await readFile('sample/prose/franklin-chapter-10.txt', 'utf8')).split(/\s+/);
  await mkdir(join(folder, 'franklin'));
  for (let file = 0; file < FILES; file++) {
    await writeFile(join(folder, 'franklin', `${file}.txt`), textOf(file, 150, book));
  }
  await lensJson(['profile', 'franklin', '--out', other], { cwd: folder });
  const asked = ['shuffled', 'embedding', other].flatMap((control) => ['--control', control]);
  const before = await readdir(tmpdir());
  const results = await lensJson<Controlled>(['concepts', profile, '--only', 'digits,commas', ...asked]);
  expect((await readdir(tmpdir())).filter((name) => !before.includes(name) && /control/.test(name))).toEqual(
    [],
  );
  const [shuffled, embedding, elsewhere] = results.controls;
  expect(results.controls.map(({ control }) => control)).toEqual(['shuffled', 'embedding', other]);
  const best = results.concepts.find(({ name }) => name === 'commas')!.neurons[0]!;
  const commasOf = ({ concepts }: ConceptControl) => concepts.find(({ name }) => name === 'commas')!;
  expect(best.auroc).toBeGreaterThan(0.95);
  // A comma is one token: the embedding knows it; a neuron that has learnt nothing knows it less.
  expect(embedding!.named.of).toBe(192);
  expect(commasOf(embedding!).whole).toBeGreaterThan(0.99);
  expect(shuffled!.named.of).toBe(results.named.of);
  expect(Object.keys(results.names).length).toBeGreaterThan(shuffled!.named.neurons);
  expect(Math.abs(commasOf(shuffled!).neuron!.auroc - 0.5)).toBeLessThan(best.auroc - 0.5);
  expect(commasOf(elsewhere!).same).toBeGreaterThan(0.95);
  expect(commasOf(embedding!).same).toBeNull();
});

it('are kept with their controls, and one more is made of the same concepts without another test', async () => {
  const asked = ['--only', 'digits,figures', '--regex', 'figures=\\d+', '--control', 'embedding'];
  const results = (await concepts(...asked)) as Controlled;
  expect(await concepts('--kept')).toEqual(results);
  const { controls, ...test } = (await concepts('--kept', '--control', 'embedding')) as Controlled;
  const { controls: before, ...tested } = results;
  expect(test).toEqual(tested);
  const [again, first] = [controls, before].map(([control]) => control!);
  expect({ ...again, created: first!.created }).toEqual(first);
  expect(again!.created > first!.created).toBe(true);
  const { neurons, of } = first!.named;
  expect((await runLens(['concepts', profile, '--kept'])).stdout).toContain(
    `Of the token embedding alone ${neurons} of ${of} dimensions would carry a name.`,
  );
  expect(await refusal('--kept')).toContain('--only asks for another test');
  expect(await refusal('--again', 'commas')).toContain('Choose one of the two');
  // The labels of "figures" were given on the command line: what was found of them stays.
  const added = (await concepts('--again', 'commas')) as Controlled;
  expect(added.concepts.map(({ name, refused }) => [name, refused])).toEqual([
    ...[
      ['digits', null],
      ['commas', null],
      ['figures', null],
    ],
  ]);
  expect(added.concepts[0]!.neurons.map(({ auroc, p }) => [auroc, p])).toEqual(
    results.concepts.find(({ name }) => name === 'digits')!.neurons.map(({ auroc, p }) => [auroc, p]),
  );
  const beside = ((await concepts('--kept')) as Controlled).controls[0]!.concepts;
  expect(beside.map(({ name, refused }) => [name, refused])).toEqual([
    ...[
      ['digits', null],
      ['commas', 'it was tested after this control'],
      ['figures', null],
    ],
  ]);
  await concepts('--only', 'digits');
  expect(await concepts('--kept')).not.toHaveProperty('controls');
});

describe('labels of one’s own', () => {
  it('are refused with the line of what cannot be read', async () => {
    const csv = await file('cut.csv', 'file,start,end\n00.txt,0,3\n01.txt,0\n');
    expect(await refusal('--labels', csv)).toContain('cut.csv, line 3: it has 2 fields');
    const json = await file('cut.jsonl', '{"file":"00.txt"}\n\n{"file":\n');
    expect(await refusal('--labels', json)).toContain('cut.jsonl, line 3: it is no JSON.');
    expect(await refusal('--labels', 'upos=NOUN')).toContain('asks for words of .conllu files');
    expect(await refusal('--labels', join(folder, 'none.csv'))).toContain('none.csv');
    expect(await refusal('--regex', 'open=(')).toContain('is no regular expression');
    expect(await refusal('--words', 'birds=gulls')).toContain('Wanted: NAME=["word","another"]');
    expect(await refusal('--only', 'digitz')).toContain('digitz');
    expect(await refusal('--layers', '4-9')).toContain('The profile has layers 0 to 3.');
    await mkdir(join(folder, '.neuron-lens'));
    const saved = await file(
      '.neuron-lens/concepts.json',
      '{"version":1,\n"concepts":{\n"x":{"regex":"("}}}',
    );
    expect(await refusal()).toContain('.neuron-lens/concepts.json, line 3');
    await rm(saved);
  });

  it('are laid on the text that was profiled, and what does not fit is counted and named', async () => {
    const rows = Array.from({ length: FILES }, (_, i) => `texts/${String(i).padStart(2, '0')}.txt,0,7,`);
    const bad = ['99.txt,0,4,', 'texts/00.txt,0,7,Harbor!', 'texts/00.txt,100000,100004,'];
    const labels = await file('spans.csv', ['file,start,end,text', ...rows, ...bad].join('\n'));
    const copy = join(folder, 'texts', '05.txt');
    await copyFile(copy, join(folder, '05.kept'));
    await writeFile(copy, 'Something else by now.');
    const { stderr, stdout } = await runLens(['concepts', profile, '--only', 'spans', '--labels', labels]);
    await copyFile(join(folder, '05.kept'), copy);
    expect(stderr).toContain('texts/05.txt has changed since the profile was made.');
    expect(stderr).toContain('"spans": 3 labels do not align, the first on line 26:');
    expect(stdout).toMatch(/spans: \d+ and \d+ positives in the two halves, 50 are needed in each/);
  });

  it('by an expression that never ends is dropped, and the others are tested', async () => {
    const { stdout } = await runLens([
      'concepts',
      profile,
      '--only',
      'digits,endless',
      '--regex',
      'endless=(\\w*\\s*)*\\x00',
    ]);
    expect(stdout).toContain('endless: the expression did not come to an end in time on texts/00.txt');
    expect(stdout).toMatch(/^digits +L\d\.N\d+ /m);
  });
});

describe('a test that is interrupted', () => {
  /** Sends Ctrl+C when a step is first told of. */
  function interrupted(
    at: string,
    out: string,
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    // Ten seconds pass between any two looks at the clock, so that every step is told of.
    const clock = 'let later = 0; const now = Date.now; Date.now = () => now() + (later += 10_000);';
    const fast = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];
    const child = spawn(process.execPath, [...fast, resolve('dist/cli.cjs'), 'concepts', out]);
    let [stdout, stderr, sent] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (sent || !stderr.includes(at)) return;
      sent = true;
      child.kill('SIGINT');
    });
    return new Promise((settle) => {
      child.on('close', (status) => settle({ status, stdout, stderr }));
    });
  }
  const state = (out: string) => readFile(join(out, 'manifest.json'), 'utf8');

  it('leaves the profile as it was where nothing is measured yet', async () => {
    const out = join(folder, 'early');
    await cp(profile, out, { recursive: true });
    const before = await state(out);
    const { status, stderr, stdout } = await interrupted('Choosing', out);
    expect(status).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('Interrupted before any concept was measured: the profile is as it was.');
    expect(await state(out)).toBe(before);
  });

  it('keeps what is measured, and says so', async () => {
    const out = join(folder, 'late');
    await cp(profile, out, { recursive: true });
    const { status, stdout } = await interrupted('Figures', out);
    expect(status).toBe(130);
    expect(stdout).toMatch(/^The run was stopped: what was measured by then is kept\./);
    expect(stdout).toContain(': the run was stopped before it was measured');
    const table = await runLens(['neurons', out]);
    expect(table.status).toBe(0);
  });
});
