import { beforeAll, expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { NeuronPage } from '../../../src/core/profile/neuronPage';
import { openProfile } from '../../../src/core/profile/openProfile';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';

const DOCUMENTS = 40_000;
/** What a message of a page may carry besides its neuron's own figures and examples. */
const MOST_BYTES = 20_000;

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

let page: NeuronPage;

beforeAll(async () => {
  const request = requestFor(madeTexts(DOCUMENTS, 2), { batchTokens: 1024 });
  await runProfile(request, SILENT, new AbortController().signal);
  const profile = await openProfile({ store: request.store, compression: zlib });
  page = await profile.page({ part: 'model', layer: 1, block: null, expert: null, neuron: 2 });
}, 120_000);

it('a page carries no more of a profile of 40,000 documents than of a small one', () => {
  expect(page.manifest.corpus.files).toBe(DOCUMENTS);
  const { histogram, stats, reading, examples, ...others } = page;
  expect(stats.count).toBeGreaterThan(DOCUMENTS / 2);
  expect(bytesOf(others)).toBeLessThan(MOST_BYTES);
  // What is of the neuron is bounded by what is stored of each.
  const lists = [
    examples.top,
    examples.bottom,
    examples.random,
    ...examples.bands.map((band) => band.examples),
  ];
  for (const example of lists.flat()) expect(bytesOf(example)).toBeLessThan(MOST_BYTES);
  expect(bytesOf([histogram, stats, reading])).toBeLessThan(2 * MOST_BYTES);
});
