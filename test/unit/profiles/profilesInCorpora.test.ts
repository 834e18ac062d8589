import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { openCorpus } from '../../../src/runtime/files/openCorpus';
import { openOutput } from '../../../src/runtime/profiles/outputFolder';
import { temporaryFolder } from '../files/temporaryFolder';
import { requestFor, SILENT } from '../pipeline/fakes';

const folder = temporaryFolder();

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), content);
  }
}

it('leaves out the profiles that lie in a corpus, says so, and reads what lies beside their files', async () => {
  const output = await openOutput(join(folder.path, 'out'), 'new');
  const request = requestFor({ 'a.txt': 'a b c d' }, { store: output.store });
  await runProfile(request, SILENT, new AbortController().signal);
  await output.close();
  write({
    'a.txt': 'a',
    'out/README.md': 'mine',
    'out/notes/n.txt': 'mine',
    'extension/manifest.json': '{"manifest_version":3}',
    'extension/sites.json': '["a"]',
    'extension/segments/s.txt': 'mine',
    'killed/sites.json': readFileSync(join(folder.path, 'out', 'sites.json'), 'utf8'),
  });
  const corpus = await openCorpus({ root: folder.path, inputs: ['.'] });
  expect(corpus.files.map(({ file }) => file)).toEqual([
    'a.txt',
    'extension/manifest.json',
    'extension/segments/s.txt',
    'extension/sites.json',
    'out/README.md',
    'out/notes/n.txt',
  ]);
  const left = { fault: 'profile', reason: 'it is a profile, and no text' };
  expect([...corpus.skipped.unreadable].sort((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
    { file: 'killed', ...left },
    { file: 'out', ...left },
  ]);
  await expect(openCorpus({ root: folder.path, inputs: ['killed'] })).rejects.toThrow(
    'killed was left out: it is a profile',
  );
});
