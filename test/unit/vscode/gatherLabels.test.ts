import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { CorpusFile } from '../../../src/core/text/document';
import { gatherLabels } from '../../../src/vscode/concepts/gatherLabels';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import { fakeContext } from './fakeEditor';

/** What is open in the editor, by path, and what its extensions say of it. */
const fake = vi.hoisted(() => ({
  files: [] as CorpusFile[],
  opened: [] as string[],
  texts: new Map<string, string>(),
  tokens: new Map<string, number[]>(),
  faults: new Map<string, object[]>(),
}));
vi.mock('vscode', () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  workspace: {
    openTextDocument: ({ fsPath }: { fsPath: string }) => {
      fake.opened.push(fsPath);
      const text = fake.texts.get(fsPath);
      return text === undefined ? Promise.reject(new Error('no')) : Promise.resolve({ getText: () => text });
    },
  },
  languages: { getDiagnostics: ({ fsPath }: { fsPath: string }) => fake.faults.get(fsPath) ?? [] },
  commands: {
    executeCommand: (command: string, { fsPath }: { fsPath: string }) => {
      const data = fake.tokens.get(fsPath);
      if (command.endsWith('Legend')) {
        const legend = { tokenTypes: ['class'], tokenModifiers: [] };
        return data ? Promise.resolve(legend) : Promise.reject(new Error('no provider'));
      }
      return Promise.resolve(data && { data: Uint32Array.from(data) });
    },
  },
}));
vi.mock('../../../src/vscode/profiles/profileTables', () => ({
  readFiles: () => Promise.resolve(fake.files),
}));

const signal = new AbortController().signal;
const TEXT = 'class A\nclass B\n';
let root = '';
let entry: ProfileEntry;

const gather = (asked: { editor: boolean; git: boolean }) =>
  gatherLabels({ context: fakeContext(root) }, entry, asked, () => undefined, signal);
/** `name: file start-end, …` of all that was gathered. */
const linesOf = ({ labels }: Awaited<ReturnType<typeof gather>>) =>
  labels.map(
    ({ name, files }) => `${name}: ${files.map(({ file, bounds }) => `${file} ${bounds.join('-')}`).join()}`,
  );

async function profiled(file: string, text = TEXT): Promise<void> {
  await writeFile(join(root, file), text);
  const bytes = await readFile(join(root, file));
  fake.files.push({ file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  fake.texts.set(join(root, file), text);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'neuron-lens-gather-'));
  entry = { folder: root, manifest: { corpus: { root }, snapshot: 1 } } as unknown as ProfileEntry;
});
beforeEach(() => {
  for (const list of [fake.files, fake.opened]) list.length = 0;
  for (const map of [fake.texts, fake.tokens, fake.faults]) map.clear();
});
afterAll(() => rm(root, { recursive: true }));

it('takes tokens and diagnostics of files that are as they were profiled, and says of how many it does not', async () => {
  for (const file of ['a.ts', 'b.ts', 'none.ts', 'other.ts', 'closed.ts']) await profiled(file);
  await profiled('crlf.ts', TEXT.replaceAll('\n', '\r\n'));
  await profiled('rows.jsonl', '{"text":"one"}\n');
  for (const { file } of fake.files) fake.tokens.set(join(root, file), [1, 6, 1, 0, 0]);
  fake.tokens.delete(join(root, 'none.ts'));
  fake.texts.set(join(root, 'crlf.ts'), TEXT);
  fake.texts.set(join(root, 'other.ts'), 'not what is on disk');
  fake.texts.delete(join(root, 'closed.ts'));
  await writeFile(join(root, 'b.ts'), 'changed since');
  fake.faults.set(join(root, 'none.ts'), [
    { severity: 1, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } } },
  ]);
  const gathered = await gather({ editor: true, git: false });
  expect(linesOf(gathered)).toEqual([
    'semantic token: class: a.ts 14-15,crlf.ts 15-16',
    'diagnostic: warning: none.ts 0-5',
  ]);
  expect(gathered.notices).toEqual([
    expect.stringMatching(/^2 of 7 files have no labels of the editor or git/),
  ]);
  expect(fake.opened).not.toContain(join(root, 'b.ts'));
});

it('asks git alone where that is asked, and says of how many files it told nothing', async () => {
  await profiled('a.ts');
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b', ...words], { cwd: root });
  git('init', '-q');
  git('add', 'a.ts');
  git('commit', '-qm', 'a');
  await profiled('new.ts');
  const gathered = await gather({ editor: false, git: true });
  expect(linesOf(gathered)).toEqual(['git author: Ada: a.ts 0-16', 'git: newest 30 days: a.ts 0-16']);
  expect(gathered.notices).toEqual(['Git told nothing of 1 of 2 files.']);
  expect(fake.opened).toEqual([]);
});

it('asks about no more files than it says, and stops when asked', async () => {
  await profiled('a.ts');
  fake.files.push(...Array<CorpusFile>(300).fill({ file: 'gone.ts', bytes: 1, sha256: '' }));
  expect((await gather({ editor: true, git: false })).notices).toEqual([
    'Of 301 files the first 200 were asked about in the editor and git.',
    expect.stringMatching(/^199 of 200 files have no labels/),
  ]);
  const stopped = gatherLabels(
    { context: fakeContext(root) },
    entry,
    { editor: true, git: true },
    () => undefined,
    AbortSignal.abort(new Error('stop')),
  );
  await expect(stopped).rejects.toThrow('stop');
});
