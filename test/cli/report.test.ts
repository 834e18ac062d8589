import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import { lensJson, runLens, temporaryFolder } from './runLens';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const text = 'She sailed at six. He never wrote.\n'.repeat(12);
  await writeFile(join(folder, 'letters.txt'), `${text}</script><img src=x onerror=alert(1)>\n`);
  await runLens(['profile', 'letters.txt', '--model', 'default', '--out', 'letters'], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The data that a written report carries. */
async function dataOf(file: string): Promise<{ profile: string; pages: NeuronPage[] }> {
  const html = await readFile(join(folder, file), 'utf8');
  const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)!;
  return JSON.parse(data!) as { profile: string; pages: NeuronPage[] };
}

describe('neuron-lens report', () => {
  it('writes the pages that neuron --json prints, and nothing that could run', async () => {
    const args = ['report', 'letters', '--neurons', 'L1.N7,0/3', '--out', 'two.html'];
    expect(await lensJson(args, { cwd: folder })).toEqual({ out: 'two.html', neurons: ['L1.N7', 'L0.N3'] });
    const { profile, pages } = await dataOf('two.html');
    expect(profile).toBe('letters');
    expect(await lensJson(['neuron', 'letters', 'L1.N7'], { cwd: folder })).toEqual({
      ...(pages[0] as object),
      name: null,
      concepts: [],
    });
    const html = await readFile(join(folder, 'two.html'), 'utf8');
    expect(html.includes('<img')).toBe(false);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!.replaceAll('&#39;', "'");
    const script = /<script>(.*)<\/script>/s.exec(html)![1]!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
  });

  it('takes the first neurons by top share where none are named', async () => {
    await runLens(['report', 'letters', '--limit', '3', '--out', 'new/folder/three.html'], { cwd: folder });
    const { pages } = await dataOf('new/folder/three.html');
    const { neurons } = await lensJson<{ neurons: { id: string }[] }>(
      ['neurons', 'letters', '--limit', '3'],
      {
        cwd: folder,
      },
    );
    expect(pages.map(({ neuron }) => neuron.id)).toEqual(neurons.map(({ id }) => id));
  });

  it.each([
    [['letters', '--neurons', 'N7', '--out', 'x.html'], 2, /"N7" is no neuron/],
    [['letters', '--neurons', 'L99.N7', '--out', 'x.html'], 1, /L99/],
    [['letters'], 2, /--out/],
    [['letters', '--limit', '0', '--out', 'x.html'], 2, /whole number/],
    [['nowhere', '--out', 'x.html'], 1, /no profile here/],
    [['letters', '--out', 'letters.txt/x.html'], 1, /letters\.txt/],
  ])('report %j ends with %i and a sentence', async (args, status, sentence) => {
    const result = await runLens(['report', ...args], { cwd: folder });
    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(sentence);
  });
});
