import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wholeBelow } from '../../src/core/common/random';
import { lensJson, runLens, temporaryFolder } from '../cli/runLens';
import { StandInHub } from '../unit/hub/standInHub';
import { countFaults, howMany, randomFaults } from './faultCount';
import { filesBelow, startLens } from './killedProgram';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'corpus'));
  for (const name of ['one.txt', 'two.txt', 'three.txt', 'four.txt']) {
    await writeFile(
      join(folder, 'corpus', name),
      `She sailed at six with ${name}. \`He\` never wrote.\n`.repeat(9),
    );
  }
  const profile = ['profile', 'corpus', '--model', 'default', '--layers', '0-1'];
  for (const shard of ['1', '2']) {
    const { status, stderr } = await lens(...profile, '--shard', `${shard}/2`, '--out', `shard-${shard}`);
    expect(status, stderr).toBe(0);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lens = (...args: string[]): ReturnType<typeof runLens> => runLens(args, { cwd: folder });

/** How long a command takes when nothing ends it, in milliseconds. */
async function timed(...args: string[]): Promise<number> {
  const started = performance.now();
  const { status, stderr } = await lens(...args);
  expect(status, stderr).toBe(0);
  return performance.now() - started;
}

/** Starts a command and kills it after a while. @returns whether it had ended well before */
async function killAfter(milliseconds: number, ...args: string[]): Promise<boolean> {
  const run = startLens(args, { cwd: folder });
  await Promise.race([pause(milliseconds), run.ended]);
  run.kill();
  return (await run.ended) === 0;
}

describe('a merge that is killed', () => {
  const count = countFaults('kills of merge');

  it('leaves its sources as they were, and nothing that the next one minds', async () => {
    const random = randomFaults('merge');
    const merge = ['merge', 'shard-1', 'shard-2', '--out'];
    const duration = await timed(...merge, 'undisturbed');
    const expected = await filesBelow(join(folder, 'undisturbed'));
    const sources = await sourceFiles();
    for (let kill = 0; kill < howMany(70, 4); kill++) {
      count.tried++;
      const out = join(folder, 'killed');
      const isDone = await killAfter(random() * duration, ...merge, 'killed');
      expect(await sourceFiles()).toEqual(sources);
      if (existsSync(join(out, 'manifest.json'))) expect(await filesBelow(out)).toMatchObject(expected);
      else expect(isDone).toBe(false);
      const again = await lens(...merge, 'killed');
      if (again.status !== 0) expect(again.stderr).toMatch(/There is a profile in .*already/);
      expect((await lens('neurons', 'killed', '--limit', '1')).status).toBe(0);
      if (again.status === 0) expect(await filesBelow(out)).toEqual(expected);
      await rm(out, { recursive: true });
      count.survived++;
    }
  });
});

async function sourceFiles(): Promise<Record<string, string>[]> {
  return Promise.all(['shard-1', 'shard-2'].map((name) => filesBelow(join(folder, name))));
}

describe('a report that is killed', () => {
  const count = countFaults('kills of report');

  it('leaves the one that stood there or the new one, whole', async () => {
    const random = randomFaults('report');
    const place = join(folder, 'reports');
    const file = join(place, 'neurons.html');
    const report = ['report', 'shard-1', '--limit'];
    await timed(...report, '2', '--out', 'old.html');
    const duration = await timed(...report, '40', '--out', 'new.html');
    const [old, next] = await Promise.all(
      ['old.html', 'new.html'].map((name) => readFile(join(folder, name))),
    );
    for (let kill = 0; kill < howMany(70, 4); kill++) {
      count.tried++;
      await mkdir(place);
      await cp(join(folder, 'old.html'), file);
      await killAfter(random() * duration, ...report, '40', '--out', file);
      const left = await readFile(file);
      expect(left.equals(old!) || left.equals(next!)).toBe(true);
      await timed(...report, '40', '--out', file);
      expect((await readFile(file)).equals(next!)).toBe(true);
      expect(await readdir(place)).toEqual(['neurons.html']);
      await rm(place, { recursive: true });
      count.survived++;
    }
  });
});

describe('a download that is killed', () => {
  const count = countFaults('kills of download');
  const random = randomFaults('download');
  const network = Uint8Array.from({ length: 3_000_000 }, () => wholeBelow(random, 256));
  const hub = new StandInHub('org/tiny', { 'config.json': Buffer.from('{}'), 'onnx/model.onnx': network });
  beforeAll(() => hub.start());
  afterAll(() => hub.stop());

  it('is no model until all of it is there, and goes on where it was cut', async () => {
    const env = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(folder, 'hub'), HF_HUB_CACHE: '', HF_TOKEN: '' };
    const models = (...args: string[]): Promise<{ models?: unknown[]; folder?: string }> =>
      lensJson(['models', ...args], { env });
    for (let kill = 0; kill < howMany(60, 4); kill++) {
      count.tried++;
      hub.seen.length = 0;
      const run = startLens(['models', 'download', 'org/tiny'], { cwd: folder, env });
      const after = wholeBelow(random, network.length);
      await stallNetwork(hub, run.ended, after);
      await pause(random() * 100);
      run.kill();
      await run.ended;
      expect((await models('list')).models).toEqual([]);

      const arrived = await arrivedBytes(env.HF_HOME);
      const cut = hub.seen.length;
      const { folder: snapshot } = await models('download', 'org/tiny');
      expect((await readFile(join(snapshot!, 'onnx/model.onnx'))).equals(network)).toBe(true);
      const ranges = hub.seen
        .slice(cut)
        .filter(({ url, host }) => host === 'content' && url.endsWith('.onnx'));
      expect(ranges.map(({ range }) => range)).toEqual([arrived ? `bytes=${arrived}-` : undefined]);
      expect((await models('list')).models).toHaveLength(1);
      const files = Object.keys(await filesBelow(env.HF_HOME));
      expect(files.filter((name) => /incomplete|writing|\.lock$/.test(name))).toEqual([]);
      await rm(env.HF_HOME, { recursive: true });
      count.survived++;
    }
  });
});

/** Lets so many bytes of the network arrive, and then none, once its turn has come. */
async function stallNetwork(hub: StandInHub, ended: Promise<unknown>, after: number): Promise<void> {
  const run = { isOver: false };
  void ended.then(() => (run.isOver = true));
  const asked = (path: string): boolean => hub.requestsFor(path).length > (path.endsWith('.onnx') ? 1 : 0);
  while (!asked('config.json') && !run.isOver) await pause(1);
  hub.faults = [{ kind: 'stall', after }];
  while (!asked('onnx/model.onnx') && !run.isOver) await pause(1);
}

/** Bytes of the network that are there so far; null where none are. */
async function arrivedBytes(home: string): Promise<number | null> {
  const blobs = join(home, 'hub', 'models--org--tiny', 'blobs');
  const incomplete = (await readdir(blobs).catch(() => [])).find((name) => name.endsWith('.incomplete'));
  return incomplete === undefined ? null : (await stat(join(blobs, incomplete))).size;
}
