import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import { hiddenIn, HOSTILE_TEXTS } from '../faults/hostileTexts';
import { lensJson, runLens, temporaryFolder } from './runLens';

/** Those that a file system takes as names. */
const NAMES = HOSTILE_TEXTS.filter((text) => !/[/\0]|\p{Cs}/u.test(text) && Buffer.byteLength(text) < 200);

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'corpus'));
  for (const [index, name] of NAMES.entries()) {
    await writeFile(join(folder, 'corpus', name), `Chapter ${index}. ${HOSTILE_TEXTS[index]!}\n`);
  }
  await writeFile(join(folder, 'corpus', '\u001b[31m\u202ered.jsonl'), '{"text": 1}\n{');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a command writes to both streams. */
async function outputOf(...args: string[]): Promise<string> {
  const { stdout, stderr } = await runLens(args, { cwd: folder });
  return stdout + stderr;
}

// Windows takes hardly any of these names.
describe.runIf(process.platform !== 'win32')('names and texts of strangers', () => {
  it('reach a terminal without anything that steers it', async () => {
    const outputs = [
      await outputOf('profile', 'corpus', '--out', 'profile'),
      await outputOf('neurons', 'profile', '--examples', '--limit', '40'),
      await outputOf('neuron', 'profile', 'L1.N7'),
      await outputOf('neuron', 'profile', 'L1.N7', '--json'),
      await outputOf(
        'selection',
        'profile',
        '--text',
        HOSTILE_TEXTS.filter((text) => !text.includes('\0')).join(' '),
      ),
      await outputOf('report', 'profile', '--out', 'a\u001b[31m\u202e.html'),
      await outputOf('neurons', 'no\u001b[31m\u202e\u009b\nprofile'),
      await outputOf('models', 'check', '\u001b]0;TITLE\u0007\u202e'),
      await outputOf('neurons', 'profile', '--\u001b[31m\u202e'),
      await outputOf('neuron', 'profile', '\u009b31m\u202e'),
    ];
    for (const output of outputs) {
      expect(output).not.toBe('');
      expect(hiddenIn(output, '\n')).toEqual([]);
    }
    expect(outputs[0]).toContain('␛[31m‹U+202E›red.jsonl');
  });

  it('are in the JSON as they are', async () => {
    const { examples } = await lensJson<NeuronPage>(['neuron', 'profile', 'L1.N7'], { cwd: folder });
    const files = [...examples.top, ...examples.bottom, ...examples.random].map(({ file }) => file);
    expect(files.some((file) => hiddenIn(file).length > 0)).toBe(true);
    for (const file of files) expect(NAMES).toContain(file.replace(/^corpus\//, ''));
  });
});
