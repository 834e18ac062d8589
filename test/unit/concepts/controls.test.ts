import { describe, expect, it } from 'vitest';
import type { ConceptResult, ConceptResults } from '../../../src/core/concepts/conceptResults';
import { readConcepts, readStoredConcept, writeConcepts } from '../../../src/core/concepts/conceptsAnnex';
import {
  controlOf,
  controlSentence,
  type ConceptControl,
} from '../../../src/core/concepts/controls/conceptControl';
import { controlsOf, keepControl, readControls } from '../../../src/core/concepts/controls/keptControls';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { readManifest } from '../../../src/core/profile/manifestFile';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { refusedConcept, sampleConcept, unnamedConcept } from '../../webview/conceptMessages';
import { madeTexts, requestFor, SILENT } from '../pipeline/fakes';
import type { MemoryFileStore } from '../profile/memoryFileStore';

const CREATED = '2026-11-29T10:00:00.000Z';
const concepts = [sampleConcept, unnamedConcept, refusedConcept];

function resultsOf(concepts: readonly ConceptResult[], created = CREATED): ConceptResults {
  return {
    ...{ version: 1, created, quantity: 'act', abandoned: 0, concepts, names: {} },
    halves: { tokens: { a: 9, b: 9 }, documents: { a: 3, b: 3 }, cut: false },
    named: { neurons: 2, of: 3072 },
  };
}

/** What a control found: other neurons, at an AUROC of 0.6. */
const THERE = resultsOf(
  concepts.map((concept) => ({
    ...concept,
    neurons: concept.neurons.map((one, at) => ({
      ...one,
      ...{ id: `L0.N${at}`, auroc: 0.6, low: 0.55, high: 0.65 },
    })),
  })),
  '2026-11-29T11:00:00.000Z',
);

async function tested(created = CREATED): Promise<MemoryFileStore> {
  const request = requestFor(madeTexts(6, 40));
  await runProfile(request, SILENT, new AbortController().signal);
  await write(request.store, created);
  return request.store;
}

const write = (store: MemoryFileStore, created: string) =>
  writeConcepts(store, contentHash, { results: resultsOf(concepts, created), evidence: new Map() });

async function kept(store: MemoryFileStore, created = CREATED): Promise<ConceptControl[]> {
  return readControls(store, await readManifest(store), { created });
}

describe('what a control says beside a test', () => {
  it('is the best neuron of each concept there, in the order of the test', () => {
    const control = controlOf('shuffled', resultsOf(concepts), {
      ...THERE,
      concepts: [...THERE.concepts].reverse(),
    });
    expect(control).toMatchObject({ control: 'shuffled', test: CREATED, created: THERE.created });
    expect(control.concepts.map(({ name }) => name)).toEqual(concepts.map(({ name }) => name));
    expect(control.concepts[0]).toEqual({
      ...{ name: 'Duration unit', refused: null, same: null, whole: 0.994 },
      neuron: { id: 'L0.N0', auroc: 0.6, low: 0.55, high: 0.65 },
    });
    expect(control.concepts[2]).toMatchObject({ refused: refusedConcept.refused, neuron: null });
  });

  it('knows the same neuron again on another corpus alone, where labels may be others', () => {
    const elsewhere = resultsOf([
      { ...sampleConcept, positives: { a: 70, b: 60 }, neurons: [...sampleConcept.neurons].reverse() },
    ]);
    const [there] = controlOf('/profiles/other', resultsOf([sampleConcept]), elsewhere).concepts;
    expect(there).toMatchObject({ refused: null, neuron: { id: 'L14.N611' }, same: 0.981 });
    const [own] = controlOf('embedding', resultsOf([sampleConcept]), resultsOf([sampleConcept])).concepts;
    expect(own).toMatchObject({ neuron: { id: 'L3.N652' }, same: null });
  });

  it('is nothing for concepts that have other labels by now, or none', () => {
    const changed = [
      { ...sampleConcept, documents: { a: 96, b: 90 } },
      { ...sampleConcept, pattern: 'weeks?' },
    ];
    for (const one of changed) {
      const [there] = controlOf('shuffled', resultsOf(concepts), resultsOf([one])).concepts;
      expect([there!.neuron, there!.refused]).toEqual([
        null,
        'it has other labels now than in the test. Test concepts again',
      ]);
    }
    const [, ...lost] = controlOf('shuffled', resultsOf(concepts), resultsOf(changed)).concepts;
    expect(lost.map(({ neuron, refused }) => [neuron, refused])).toEqual([
      [null, 'its labels are not at hand any more'],
      [null, 'its labels are not at hand any more'],
    ]);
  });

  it('counts the names of what has learnt nothing', () => {
    const named = { neurons: 25, of: 3072 };
    expect(controlSentence({ control: 'shuffled', named })).toBe(
      'With shuffled weights 25 of 3,072 neurons would carry a name.',
    );
    expect(controlSentence({ control: '/a\u202Eb', named })).toContain('On /a‹U+202E›b 25 of');
  });
});

describe('controls', () => {
  const shuffled = controlOf('shuffled', resultsOf(concepts), THERE);

  it('are kept beside the test with all that it has, one of a kind', async () => {
    const store = await tested();
    expect(await kept(store)).toEqual([]);
    const before = await readStoredConcept(store, await readManifest(store), 'Duration unit');
    const elsewhere = controlOf('/profiles/other', resultsOf(concepts), THERE);
    for (const control of [elsewhere, { ...shuffled, created: 'earlier' }, shuffled])
      await keepControl(store, contentHash, control);
    expect(await kept(store)).toEqual([shuffled, elsewhere]);
    const manifest = await readManifest(store);
    expect(await readConcepts(store, manifest)).toEqual(resultsOf(concepts));
    expect(await readStoredConcept(store, manifest, 'Duration unit')).toEqual(before);
    expect(controlsOf(await kept(store), 'Duration unit')).toEqual([
      { control: 'shuffled', named: THERE.named, ...shuffled.concepts[0] },
      { control: '/profiles/other', named: THERE.named, ...elsewhere.concepts[0] },
    ]);
  });

  it('of another test are neither kept nor shown', async () => {
    const store = await tested();
    await keepControl(store, contentHash, shuffled);
    expect(await kept(store, 'another')).toEqual([]);
    await write(store, 'another');
    expect(await kept(store, 'another')).toEqual([]);
    await expect(keepControl(store, contentHash, shuffled)).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining('tested anew') as string,
    });
    expect(await kept(store)).toEqual([]);
  });
});
