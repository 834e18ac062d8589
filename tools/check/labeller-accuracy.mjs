// How often the labeller of English is right, by tag, on a treebank in CoNLL-U:
//   node tools/check/labeller-accuracy.mjs FILE.conllu
// A word counts as found where a word of the labeller's with the same tag covers at least half of it, and the other way
// round for precision. The figures stand in src/core/concepts/labels/labellerAccuracy.ts.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildLanguageWorker } from '../build/build.mjs';

const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-accuracy-'));
const program = join(folder, 'language.cjs');
await buildLanguageWorker(program);
const worker = new Worker(program);
const tag = (text) =>
  new Promise((resolve) => {
    worker.once('message', ({ result }) => resolve(result));
    worker.postMessage({ kind: 'tag', text });
  });

/** The words of a sentence with their places in its text; those of contractions where their spellings add up. */
function goldWords(sentence) {
  const text = /^# text = (.*)$/m.exec(sentence)[1];
  const rows = sentence
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split('\t'));
  const within = new Map();
  let reached = 0;
  const words = [];
  for (const [id, form, , upos] of rows) {
    if (id.includes('.')) continue;
    if (id.includes('-')) {
      const [first, last] = id.split('-').map(Number);
      const start = text.indexOf(form, reached);
      const parts = rows.filter(([other]) => /^\d+$/.test(other) && +other >= first && +other <= last);
      const adds = parts.map(([, part]) => part).join('') === form;
      let at = start;
      for (const [other, part] of parts) {
        within.set(other, adds ? { start: at, end: at + part.length } : null);
        at += part.length;
      }
      reached = start + form.length;
      continue;
    }
    let place = within.get(id);
    if (place === undefined) {
      const start = text.indexOf(form, reached);
      place = { start, end: start + form.length };
      reached = place.end;
    }
    if (place !== null) words.push({ ...place, upos });
  }
  return { text, words };
}

const covered = (word, others) =>
  others.reduce(
    (sum, other) => sum + Math.max(0, Math.min(word.end, other.end) - Math.max(word.start, other.start)),
    0,
  ) *
    2 >=
  word.end - word.start;
const counts = new Map();
const add = (upos, field) => {
  if (!counts.has(upos)) counts.set(upos, { gold: 0, recalled: 0, found: 0, right: 0 });
  counts.get(upos)[field] += 1;
};
const documents = readFileSync(process.argv[2], 'utf8').split(/^(?=# newdoc)/m);
for (const document of documents) {
  const sentences = document
    .split('\n\n')
    .filter((sentence) => sentence.includes('# text = '))
    .map(goldWords);
  let text = '';
  const gold = [];
  for (const sentence of sentences) {
    for (const word of sentence.words)
      gold.push({ ...word, start: word.start + text.length, end: word.end + text.length });
    text += `${sentence.text}\n`;
  }
  const { words } = await tag(text);
  const near = (list, word) => list.filter(({ start, end }) => start < word.end && end > word.start);
  for (const word of gold) {
    add(word.upos, 'gold');
    if (
      covered(
        word,
        near(words, word).filter(({ upos }) => upos === word.upos),
      )
    )
      add(word.upos, 'recalled');
  }
  for (const word of words) {
    if (word.end === word.start || !/\S/.test(text.slice(word.start, word.end))) continue;
    add(word.upos, 'found');
    if (
      covered(
        word,
        near(gold, word).filter(({ upos }) => upos === word.upos),
      )
    )
      add(word.upos, 'right');
  }
}
let [all, right] = [0, 0];
for (const [upos, { gold, recalled, found, right: correct }] of [...counts].sort()) {
  console.log(
    `  ${upos}: { precision: ${(correct / found).toFixed(2)}, recall: ${(recalled / gold).toFixed(2)} }, // ${gold}`,
  );
  all += gold;
  right += recalled;
}
console.log(`all: ${((100 * right) / all).toFixed(1)} % of ${all} words`);
await worker.terminate();
await rm(folder, { recursive: true });
