import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWeightMatrix, ownElements } from '../../../src/core/onnx/surgery/shuffleWeights';
import { loadModel } from '../../../src/runtime/models/modelBytes';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { withShuffledWeights } from '../../../src/runtime/models/shuffledWeights';
import { openEmbeddingModel } from '../../../src/runtime/onnxruntime/embeddingModel';
import { openActivationModel } from '../../../src/runtime/onnxruntime/openActivationModel';

const embeddedModel = path.join(import.meta.dirname, '../../../media/embedded-model');
const IDS = Uint32Array.of(5, 9, 5, 12, 40, 9);
const BATCH = { rows: 1, width: 6, ids: IDS, lengths: Uint32Array.of(6) };

const packageOf = (name: string) =>
  resolveModelPackage(
    name === 'default' ? name : path.join(import.meta.dirname, '../../fixtures/onnx', name),
    { embeddedModel },
  );
/** How often each byte occurs. */
function byteCounts(bytes: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]! += 1;
  return counts;
}

describe.each(['bert-optimum', 'gpt2-fp16', 'bert-q8', 'roberta-ext', 'qwen2-q4', 'default'])(
  '%s as a control',
  (name) => {
    it('with shuffled weights has the weights of every matrix in another order, and nothing else', async () => {
      const modelPackage = await packageOf(name);
      const loaded = await loadModel([...modelPackage.parts.values()][0]!.path);
      const [one, again, two] = await Promise.all([1, 1, 2].map((seed) => withShuffledWeights(loaded, seed)));
      const before = loaded.model.graph.initializers;
      let moved = 0;
      for (const [tensor, after] of one!.model.graph.initializers) {
        const original = before.get(tensor)!;
        if (!isWeightMatrix(original)) {
          expect(after).toBe(original);
          continue;
        }
        expect(after).toMatchObject({ dims: original.dims, type: original.type, external: null });
        const elements = ownElements(after)!;
        expect(Buffer.compare(ownElements(again!.model.graph.initializers.get(tensor)!)!, elements)).toBe(0);
        const known = ownElements(original);
        if (!known) continue;
        expect(byteCounts(elements)).toEqual(byteCounts(known));
        if (new Set(known).size > 2) {
          expect(Buffer.compare(elements, known)).not.toBe(0);
          expect(Buffer.compare(elements, ownElements(two!.model.graph.initializers.get(tensor)!)!)).not.toBe(
            0,
          );
        }
        moved += 1;
      }
      expect(moved > 0 || name === 'roberta-ext').toBe(true);
      const [plain, shuffled] = await Promise.all(
        [undefined, 1].map(async (seed) => {
          const model = await openActivationModel(modelPackage, seed === undefined ? {} : { shuffled: seed });
          const values = (await model.run(BATCH)).map((output) => output.values.slice());
          await model.dispose();
          return values;
        }),
      );
      expect(shuffled!.map(({ length }) => length)).toEqual(plain!.map(({ length }) => length));
      expect(shuffled!.every((values) => values.every(Number.isFinite))).toBe(true);
      expect(shuffled![0]!.some((value, at) => value !== plain![0]![at])).toBe(true);
    });

    it('by its embedding alone knows a token wherever it stands, and nothing of its neighbours', async () => {
      const modelPackage = await packageOf(name);
      const like = await openActivationModel(modelPackage);
      const model = await openEmbeddingModel(modelPackage, like, {});
      const { dModel } = like.sites[0]!;
      const [{ site, values } = { site: null, values: new Float32Array() }] = await model.run(BATCH);
      expect(site!.dFf).toBe(dModel);
      const vector = (token: number) => values.slice(token * dModel, (token + 1) * dModel);
      expect(values).toHaveLength(6 * dModel);
      expect(vector(2)).toEqual(vector(0));
      expect(vector(5)).toEqual(vector(1));
      expect(vector(1)).not.toEqual(vector(0));
      const table = [...(await loadModel([...modelPackage.parts.values()][0]!.path)).model.graph.initializers]
        .filter(([tensor]) => /(word_embeddings|wte|embed_tokens)\.weight$/.test(tensor))
        .map(([, tensor]) => tensor)
        .find(({ type, external }) => type === 1 && external === null);
      if (table) {
        const floats = new Float32Array(new Uint8Array(ownElements(table)!).buffer);
        expect(vector(3)).toEqual(floats.slice(IDS[3]! * dModel, (IDS[3]! + 1) * dModel));
      }
      expect(table !== undefined || name !== 'bert-optimum').toBe(true);
      await Promise.all([model.dispose(), like.dispose()]);
    });
  },
);
