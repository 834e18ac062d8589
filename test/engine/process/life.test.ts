import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/vscode/engineClient/engineClient';
import { findNodeRuntime } from '../../../src/vscode/engineClient/nodeRuntime';

let folder = '';
let script = '';
let parent = '';
const clients: EngineClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-engine-'));
  const here = import.meta.dirname;
  await build({
    entryPoints: [join(here, 'misbehavingEngine.ts'), join(here, 'parent.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  script = join(folder, 'misbehavingEngine.mjs');
  parent = join(folder, 'parent.mjs');
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.dispose())));
afterAll(() => rm(folder, { recursive: true, force: true }));

function openClient(): { client: EngineClient; lines: string[] } {
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const client = new EngineClient({
    script,
    embeddedModel: join(folder, 'journal'),
    nodePath: () => process.execPath,
    log,
  });
  clients.push(client);
  return { client, lines };
}

const processOf = (description: { id: string }) => Number(description.id.split(' ')[1]);

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilDead(pid: number): Promise<boolean> {
  const end = Date.now() + 10_000;
  while (lives(pid) && Date.now() < end) await pause(20);
  return !lives(pid);
}

describe('the life of the engine process', () => {
  it('begins with the first call and goes on through the next', async () => {
    const { client } = openClient();
    const first = await client.calls.describeModel({ model: 'a' });
    const second = await client.calls.describeModel({ model: 'b' });
    expect(processOf(second)).toBe(processOf(first));
    expect(processOf(first)).not.toBe(process.pid);
  });

  it('rejects what was under way when it crashes, and serves the next call in a new process', async () => {
    const { client, lines } = openClient();
    const before = await client.calls.describeModel({ model: 'a' });
    const hanging = client.calls.describeModel({ model: 'hang' });
    const crash = client.calls.describeModel({ model: 'crash' });
    await expect(hanging).rejects.toMatchObject({ code: 'engine-unavailable' });
    await expect(crash).rejects.toThrow('SIGSEGV');
    const after = await client.calls.describeModel({ model: 'a' });
    expect(processOf(after)).not.toBe(processOf(before));
    expect(lines.join('\n')).toContain('stopped unexpectedly: signal SIGSEGV');
  });

  it('is given up after 5 crashes in 3 minutes, until the user restarts it', async () => {
    const { client } = openClient();
    for (let crash = 1; crash <= 5; crash++) {
      expect(client.exhausted).toBe(false);
      await expect(client.calls.describeModel({ model: 'crash' })).rejects.toThrow('SIGSEGV');
    }
    expect(client.exhausted).toBe(true);
    await expect(client.calls.describeModel({ model: 'a' })).rejects.toThrow(
      'stopped 5 times within 3 minutes',
    );
    await client.restart();
    expect((await client.calls.describeModel({ model: 'a' })).layers).toBe(1);
  });

  it('ends when the editor closes it, after it saved what it has', async () => {
    const { client } = openClient();
    const pid = processOf(await client.calls.describeModel({ model: 'a' }));
    const request = {
      inputs: ['a'],
      root: '.',
      model: 'm',
      out: 'o',
      exclude: [],
      resume: false,
      threads: null,
    };
    let running: Promise<unknown> | null = null;
    await new Promise<void>((resolve) => {
      running = client.calls.profile(request, { onProgress: () => resolve() });
      running.catch(() => undefined);
    });
    await client.dispose();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(await untilDead(pid)).toBe(true);
    expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('saved');
    await rm(join(folder, 'journal'));
  });

  it('ends when the editor is killed', async () => {
    const editor = spawn(process.execPath, [parent, script, join(folder, 'orphan')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(editor.stdout, 'data')) as [Buffer];
    const pid = processOf({ id: line.toString().trim() });
    expect(lives(pid)).toBe(true);
    editor.kill('SIGKILL');
    expect(await untilDead(pid)).toBe(true);
    expect(existsSync(join(folder, 'orphan'))).toBe(true);
  });
});

describe('the Node that runs the engine', () => {
  it('is the one that the setting names', async () => {
    expect(await findNodeRuntime(process.execPath)).toMatchObject({
      path: process.execPath,
      version: process.versions.node,
      origin: 'setting',
    });
  });

  it('is refused with a sentence when the setting names something else', async () => {
    await expect(findNodeRuntime('/bin/ls')).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('does not run as Node.js') as string,
    });
  });

  it('is the editor itself where no node is on the PATH', async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      expect(await findNodeRuntime('')).toMatchObject({
        origin: 'editor',
        environment: { ELECTRON_RUN_AS_NODE: '1' },
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
