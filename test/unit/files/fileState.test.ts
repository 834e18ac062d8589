import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileStates } from '../../../src/runtime/files/fileState';
import { hashFile } from '../../../src/runtime/files/hashFile';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();

describe('FileStates', () => {
  it('tells a file that is the same from a changed and a missing one', async () => {
    const path = join(folder.path, 'a.txt');
    writeFileSync(path, 'one two');
    const profiled = { file: 'a.txt', ...(await hashFile(path)) };
    const states = new FileStates(folder.path);
    expect(await states.stateOf(profiled)).toBe('same');
    utimesSync(path, 1, 1);
    expect(await states.stateOf(profiled)).toBe('same');
    writeFileSync(path, 'one owt');
    expect(statSync(path).size).toBe(profiled.bytes);
    expect(await states.stateOf(profiled)).toBe('changed');
    writeFileSync(path, 'one two three');
    expect(await states.stateOf(profiled)).toBe('changed');
    rmSync(path);
    expect(await states.stateOf(profiled)).toBe('missing');
  });

  it('tells of a file that cannot be read instead of failing, and takes no folder or pipe for it', async () => {
    const states = new FileStates(folder.path);
    const sha256 = '0'.repeat(64);
    symlinkSync('circle', join(folder.path, 'circle'));
    for (const file of ['circle', 'x'.repeat(300), 'nul\0'])
      expect(await states.stateOf({ file, bytes: 1, sha256 })).toBe('unreadable');
    mkdirSync(join(folder.path, 'folder'));
    const { size } = statSync(join(folder.path, 'folder'));
    expect(await states.stateOf({ file: 'folder', bytes: size, sha256 })).toBe('missing');
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    expect(await states.stateOf({ file: 'pipe', bytes: 0, sha256 })).toBe('missing');
  });
});

describe('hashFile', () => {
  it('agrees with Python on a file of several reads', async () => {
    const path = join(folder.path, 'large');
    writeFileSync(path, Buffer.alloc(3_000_001, 'neuron'));
    // By Python's hashlib.
    const expected = 'c4f6bec9fa04c451b2a2635c52ea1fefddf9e20754f21163bbd23cf45985f2ab';
    expect(await hashFile(path)).toEqual({ sha256: expected, bytes: 3_000_001 });
    await expect(hashFile(path, AbortSignal.abort())).rejects.toThrow(/abort/);
  });
});
