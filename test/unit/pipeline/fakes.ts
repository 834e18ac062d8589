import { contentHash } from '../../../src/runtime/files/hashFile';
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ActivationModel, SiteActivations, TokenBatch } from '../../../src/core/onnx/activationModel';
import type { Corpus } from '../../../src/core/text/corpus';
import type { SkippedFile } from '../../../src/core/text/skipped';
import type { Tokenizer } from '../../../src/core/text/tokenizer';
import type { RunRequest } from '../../../src/core/pipeline/runRequest';
import type { Compression } from '../../../src/core/profile/texts/compression';
import { createSiteAccumulator } from '../../../src/core/stats/siteAccumulator';
import { PlainReduction } from '../stats/plainReduction';
import type { CorpusFile, SourceDocument } from '../../../src/core/text/document';
import { MemoryFileStore } from '../profile/memoryFileStore';
import { ffnTable, randomNumbers } from '../profile/syntheticSegment';

export const BOS = 1;
export const SPELLED_SPECIAL = 2;

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export const zlib: Compression = {
  deflate: (bytes) => Promise.resolve(new Uint8Array(deflateRawSync(bytes))),
  inflate: (bytes, length) =>
    Promise.resolve(new Uint8Array(inflateRawSync(bytes, { maxOutputLength: length }))),
};

/** Words and punctuation marks are tokens; `<s>` in the text is a special one. */
export function fakeTokenizer(before: number[] = [BOS], after: number[] = []): Tokenizer {
  return {
    sha256: 'fake-tokenizer',
    vocabularySize: 1000,
    frame: { before, after },
    pieceOf: (id) => `#${id}`,
    tokenize: (text) => {
      const pieces = [...text.matchAll(/<s>|\w+|[^\w\s]/g)];
      const idOf = (piece: string): number =>
        piece === '<s>' ? SPELLED_SPECIAL : 10 + (parseInt(sha256(piece).slice(0, 6), 16) % 900);
      return Promise.resolve({
        ids: Uint32Array.from(pieces, ([piece]) => idOf(piece)),
        starts: Uint32Array.from(pieces, ({ index }) => index),
        ends: Uint32Array.from(pieces, (match) => match.index + match[0].length),
        special: Uint8Array.from(pieces, ([piece]) => (piece === '<s>' ? 1 : 0)),
        unknown: Uint8Array.from(pieces, ([piece]) => (piece === 'qqq' ? 1 : 0)),
      });
    },
  };
}

/** What the fake model gives at a position of a window: depends on the token, its left neighbour and its position. */
export function fakeActivation(
  ids: ArrayLike<number>,
  position: number,
  layer: number,
  neuron: number,
): number {
  const id = ids[position]!;
  const left = position > 0 ? ids[position - 1]! : 0;
  const wave =
    Math.sin(id * (neuron + 1) * 0.37 + left * 0.011 * (layer + 1)) + 0.001 * Math.min(position, 50);
  return Math.fround(wave * wave * wave * (1 + layer));
}

export const LAYER_WIDTHS = [5, 3];

export function fakeModel(
  overrides: Partial<ActivationModel> = {},
): ActivationModel & { batches: TokenBatch[] } {
  const outputs = LAYER_WIDTHS.map((width, layer) => ffnTable(layer, width));
  const batches: TokenBatch[] = [];
  return {
    batches,
    outputs,
    sites: outputs.map(({ site }) => site),
    causal: true,
    maximumLength: 64,
    maximumRows: Infinity,
    equalLengths: false,
    identity: { id: 'fake', file: 'model.onnx', sha256: 'fake-model', dtype: 'fp32', opset: 17 },
    run: (batch) => {
      batches.push(batch);
      return Promise.resolve(
        outputs.map(({ site, quantity }, layer): SiteActivations => {
          const values = new Float32Array(batch.rows * batch.width * site.dFf).fill(NaN);
          for (let row = 0; row < batch.rows; row++) {
            const first = row * batch.width;
            const ids = batch.ids.subarray(first, first + batch.lengths[row]!);
            for (let position = 0; position < ids.length; position++) {
              for (let neuron = 0; neuron < site.dFf; neuron++) {
                const index = (first + position) * site.dFf + neuron;
                values[index] = fakeActivation(ids, position, layer, neuron);
              }
            }
          }
          return { site, quantity, values, positions: null };
        }),
      );
    },
    dispose: () => Promise.resolve(),
    ...overrides,
  };
}

export function fakeCorpus(texts: Readonly<Record<string, string>>): Corpus {
  const names = Object.keys(texts).sort();
  const read: CorpusFile[] = [];
  const unreadable: SkippedFile[] = [];
  return {
    root: '/corpus',
    files: names.map((file) => ({ file, bytes: texts[file]!.length })),
    read,
    skipped: { binary: ['a.png'], ignored: 2, unreadable, brokenRecords: [] },
    leaveOut: ({ file }, reason) => void unreadable.push({ file, fault: 'unfitText', reason }),
    guessed: [],
    async *documents() {
      read.length = 0;
      for (const file of names) {
        await Promise.resolve();
        const text = texts[file]!;
        yield fakeDocument(file, text);
        read.push({ file, bytes: text.length, sha256: sha256(text) });
      }
    },
  };
}

function fakeDocument(file: string, text: string): SourceDocument {
  return {
    key: file,
    file,
    record: null,
    text,
    offsetBase: 0,
    locate: (offset) => {
      const before = text.slice(0, offset).split('\n');
      return { line: before.length, column: before.at(-1)!.length + 1 };
    },
  };
}

/** `count` files of 1 to `longest` made-up words, the same in every run. */
export function madeTexts(count: number, longest: number, seed = 7): Record<string, string> {
  const random = randomNumbers(seed);
  const texts: Record<string, string> = {};
  for (let file = 0; file < count; file++) {
    const words = Array.from({ length: 1 + Math.floor(random() * longest) }, () => {
      const word = `w${Math.floor(random() ** 2 * 200)}`;
      return random() < 0.02 ? '<s>' : random() < 0.1 ? `${word}\n` : word;
    });
    texts[`file-${String(file).padStart(3, '0')}.txt`] = words.join(' ');
  }
  return texts;
}

export function requestFor(
  texts: Readonly<Record<string, string>>,
  overrides: Partial<RunRequest> = {},
): RunRequest & { store: MemoryFileStore } {
  let now = Date.UTC(2026, 10, 23);
  return {
    corpus: fakeCorpus(texts),
    tokenizer: fakeTokenizer(),
    model: fakeModel(),
    compression: zlib,
    plan: {
      window: 17,
      stride: 12,
      scoring: 'left',
      quantity: ['act'],
      layers: [0, 1],
      keepSpecial: false,
      keepSinks: false,
      dropSinks: null,
      seed: 1,
    },
    batchTokens: 64,
    provenance: { tool: 'neuron-lens test', selfTest: null, onnxruntime: '0', provider: 'fake' },
    createAccumulator: (neurons) => createSiteAccumulator(new PlainReduction(neurons)),
    createHash: contentHash,
    clock: () => (now += 5),
    segmentTokens: 1 << 30,
    ...overrides,
    store: (overrides.store as MemoryFileStore | undefined) ?? new MemoryFileStore(),
  };
}

export const SILENT = { progress: () => undefined };
