import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProfile } from '../../src/core/pipeline/profileRun';
import type { Manifest } from '../../src/core/profile/manifest';
import { findManifest, readManifest } from '../../src/core/profile/manifestFile';
import { isOwnFile } from '../../src/core/profile/ownNames';
import { FolderStore } from '../../src/runtime/files/folderStore';
import { openOutput, type OutputPurpose } from '../../src/runtime/profiles/outputFolder';
import { findProfile } from '../../src/runtime/profiles/settleFolder';
import { expectSameProfile } from '../unit/pipeline/compareTables';
import { madeTexts, requestFor, SILENT } from '../unit/pipeline/fakes';
import { countFaults, howMany, randomFaults } from './faultCount';

const folder = mkdtempSync(join(tmpdir(), 'neuron-lens-faults-'));
const victim = join(folder, 'victim.cjs');
const out = join(folder, 'p');
const expected = new Map<number, { store: FolderStore; manifest: Manifest }>();
const NEVER = new AbortController().signal;

beforeAll(async () => {
  await build({
    entryPoints: ['test/faults/profileVictim.ts'],
    outfile: victim,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  for (const seed of [1, 2]) {
    const store = new FolderStore(join(folder, `undisturbed-${seed}`));
    expected.set(seed, { store, manifest: await runProfile(requestOf(seed, store), SILENT, NEVER) });
  }
});
afterAll(async () => {
  for (const { store } of expected.values()) await store.close();
  rmSync(folder, { recursive: true });
});

function requestOf(seed: number, store: FolderStore) {
  return requestFor(madeTexts(40, 80, seed), { store, segmentTokens: 300, snapshotInterval: 1 });
}

interface Writer {
  readonly child: ChildProcess;
  /** Resolves once its code is loaded and it begins. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<unknown>;
  /** Tokens that it last said were done. */
  tokens: number;
  error: string;
}

function start(purpose: OutputPurpose, seed: number): Writer {
  const child = fork(victim, [out, purpose, String(seed)], { stdio: 'ignore' });
  const writer = { child, begun: once(child, 'message'), ended: once(child, 'exit'), tokens: 0, error: '' };
  child.on('message', (message: Partial<Writer>) => Object.assign(writer, message));
  return writer;
}

/** Milliseconds that a writer takes from its beginning when nothing stops it. */
async function duration(purpose: OutputPurpose, seed: number): Promise<number> {
  const writer = start(purpose, seed);
  await writer.begun;
  const began = performance.now();
  await writer.ended;
  return performance.now() - began;
}

async function killAfter(milliseconds: number, purpose: OutputPurpose, seed: number): Promise<number> {
  const writer = start(purpose, seed);
  await writer.begun;
  await Promise.race([pause(milliseconds), writer.ended]);
  writer.child.kill('SIGKILL');
  await writer.ended;
  return writer.tokens;
}

/** Writes to the end, as the next run does, and compares with an undisturbed one. */
async function endEqual(purpose: OutputPurpose, seed: number): Promise<void> {
  const output = await openOutput(out, purpose);
  try {
    await output.publish(await runProfile(requestOf(seed, output.store), SILENT, NEVER));
  } finally {
    await output.close();
  }
  const store = new FolderStore(out);
  const manifest = await readManifest(store);
  await expectSameProfile({ store, manifest }, expected.get(seed)!);
  await store.close();
  const left = readdirSync(out, { recursive: true, withFileTypes: true });
  const names = left.map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
  expect(names.filter((name, i) => left[i]!.isFile() && !isOwnFile(name))).toEqual([]);
  const isEmpty = (name: string, i: number) =>
    left[i]!.isDirectory() && readdirSync(join(out, name)).length === 0;
  expect(names.filter(isEmpty)).toEqual([]);
  expect(readdirSync(out).sort()).toEqual(readdirSync(expected.get(seed)!.store.folder).sort());
}

describe('a run that is killed', () => {
  const count = countFaults('kills of profile');

  it('is gone on with to what an undisturbed one gives, and leaves nothing else', async () => {
    const random = randomFaults('profile');
    const time = await duration('new', 1);
    for (let kill = 0; kill < howMany(200, 8); kill++) {
      rmSync(out, { recursive: true, force: true });
      // Some are killed again while they go on.
      for (let again = 0; again <= kill % 3; again++) {
        count.tried++;
        const done = await killAfter(random() * time, again === 0 ? 'new' : 'resume', 1);
        const saved = await findManifest(new FolderStore(out));
        if (saved === null && again > 0) expect(done).toBe(0);
        count.tokensLost += Math.max(0, done - (saved?.corpus.tokens ?? 0));
        count.survived++;
      }
      await endEqual('resume', 1);
    }
  });
});

describe('a replacement that is killed', () => {
  const count = countFaults('kills of profile --overwrite');

  it('leaves the old profile or the new one, whole', async () => {
    const random = randomFaults('overwrite');
    const old = expected.get(1)!;
    rmSync(out, { recursive: true, force: true });
    cpSync(old.store.folder, out, { recursive: true });
    const time = await duration('replace', 2);
    for (let kill = 0; kill < howMany(100, 6); kill++) {
      count.tried++;
      rmSync(out, { recursive: true, force: true });
      cpSync(old.store.folder, out, { recursive: true });
      await killAfter(random() * time, 'replace', 2);
      const manifest = (await findProfile(out))!;
      const store = new FolderStore(out);
      const stands = manifest.corpus.sha256 === old.manifest.corpus.sha256 ? 1 : 2;
      await expectSameProfile({ store, manifest }, expected.get(stands)!);
      await store.close();
      await endEqual(kill % 2 === 0 || stands === 2 ? 'replace' : 'resume', await nextSeed(kill, stands));
      count.survived++;
    }
  });

  /** What is gone on with: the replacement where it had begun to be a profile, else the one that stands. */
  async function nextSeed(kill: number, stands: number): Promise<number> {
    if (kill % 2 === 0 || stands === 2) return 2;
    return (await findManifest(new FolderStore(join(out, '.replacement')))) === null ? 1 : 2;
  }
});

describe('a folder that is moved or deleted while it is written', () => {
  const count = countFaults('folders moved or deleted amid a run');

  it('ends the run with a sentence, is not made anew, and can be gone on with where it is', async () => {
    const random = randomFaults('moved');
    rmSync(out, { recursive: true, force: true });
    const time = await duration('new', 1);
    const moved = join(folder, 'moved');
    for (let move = 0; move < howMany(60, 4); move++) {
      rmSync(out, { recursive: true, force: true });
      const writer = start('new', 1);
      await writer.begun;
      while (!existsSync(join(out, 'manifest.json')) && writer.child.exitCode === null) await pause(1);
      await pause(random() * time * 0.5);
      const isMoved = move % 2 === 0;
      renameSync(out, moved);
      if (!isMoved) rmSync(moved, { recursive: true, maxRetries: 9 });
      await writer.ended;
      if (writer.child.exitCode === 0) {
        // It was done already.
        if (isMoved) renameSync(moved, out);
      } else {
        count.tried++;
        expect(writer.error).toMatch(/moved, deleted or replaced|could not be written/);
        expect(existsSync(out)).toBe(false);
        if (isMoved) renameSync(moved, out);
        count.survived++;
      }
      await endEqual('resume', 1);
    }
  });
});

describe('two writers of one folder', () => {
  const count = countFaults('second writers');

  it('are one that writes and one that is told so', async () => {
    for (let pair = 0; pair < howMany(40, 3); pair++) {
      count.tried++;
      rmSync(out, { recursive: true, force: true });
      const writers = [start('resume', 1), start('resume', 1)];
      await Promise.all(writers.map(({ ended }) => ended));
      const refused = writers.filter(({ child }) => child.exitCode !== 0);
      // Where the first had ended before the second began, both may go through.
      expect(refused.length).toBeLessThan(2);
      for (const { error } of refused) expect(error).toMatch(/is being written by process \d+/);
      await endEqual('resume', 1);
      count.survived++;
    }
  });
});
