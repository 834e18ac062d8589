import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
