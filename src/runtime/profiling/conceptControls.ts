import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import {
  controlOf,
  OWN_CONTROLS,
  type ConceptControl,
  type OwnControl,
} from '../../core/concepts/controls/conceptControl';
import { keepControl } from '../../core/concepts/controls/keptControls';
import { profiledCorpus } from '../../core/concepts/controls/profiledCorpus';
import { runProfile } from '../../core/pipeline/profileRun';
import { StoredProfile } from '../../core/profile/storedProfile';
import { createSiteAccumulator } from '../../core/stats/siteAccumulator';
import { deflate } from '../files/deflate';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { openEmbeddingModel } from '../onnxruntime/embeddingModel';
import { ONNXRUNTIME_VERSION } from '../onnxruntime/library';
import { ReductionPool } from '../reduction/reductionPool';
import { batchSizeFor } from './batchSize';
import { openProfiledModel } from './profiledModel';
import { findConcepts, modelRequest, type ConceptTestRequest, type TestedModel } from './testConcepts';

/** Seed of the order that weights are put into. */
const SHUFFLED = 1;

type Report = (progress: ConceptProgress) => void;

/**
 * Tests the concepts of a test once more as a control: on the same texts by the same model with shuffled weights
 * (`shuffled`) or by its token embedding alone (`embedding`), or by the model itself on another profile (its folder).
 * @param original what the test found. @throws LensError as `testConcepts`
 */
export async function testControl(
  asked: string,
  request: ConceptTestRequest,
  original: ConceptResults,
  progress: Report,
  signal: AbortSignal,
): Promise<ConceptControl> {
  const own = OWN_CONTROLS.find((one) => one === asked);
  const control = own ?? resolve(asked);
  const there = own
    ? await testOnOwnTexts(own, request, original.halves, progress, signal)
    : await testOnProfile(control, request, progress, signal);
  return controlOf(control, original, there);
}

/** Keeps a control beside its test. @throws LensError as `keepControl`, and `profile-locked` */
export async function keepFolderControl(folder: string, control: ConceptControl): Promise<void> {
  const lock = await lockFolder(folder);
  const store = new FolderStore(folder);
  try {
    await keepControl(store, contentHash, control);
  } finally {
    await store.close();
    await lock.release();
  }
}

/** The same concepts and the same model on another corpus. */
async function testOnProfile(
  folder: string,
  request: ConceptTestRequest,
  progress: Report,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const store = new FolderStore(folder);
  try {
    const stored = await StoredProfile.open(store, deflate);
    const profiled = await openProfiledModel(folder, modelRequest(request));
    try {
      return (await findConcepts({ ...profiled, stored }, request, progress, signal)).results;
    } finally {
      await profiled.dispose();
    }
  } finally {
    await store.close();
  }
}

/** The same concepts and the same texts by a model that has learnt less. */
async function testOnOwnTexts(
  control: OwnControl,
  request: ConceptTestRequest,
  { room }: ConceptResults['halves'],
  progress: Report,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const store = new FolderStore(request.folder);
  try {
    const stored = await StoredProfile.open(store, deflate);
    const profiled = await openProfiledModel(request.folder, {
      ...modelRequest(request),
      ...(control === 'shuffled' && { shuffled: SHUFFLED }),
    });
    const beside = { ...profiled, stored, ...(room !== undefined && { room }) };
    try {
      if (control === 'shuffled') return await testOnOwnProfile(beside, request, progress, signal);
      const { threads } = request;
      const settings = threads === undefined ? {} : { threads };
      const model = await openEmbeddingModel(profiled.modelPackage, profiled.model, settings);
      try {
        // A layer of the model is none of its embedding.
        const all = { ...request, layers: null };
        return await testOnOwnProfile({ ...beside, model }, all, progress, signal);
      } finally {
        await model.dispose();
      }
    } finally {
      await profiled.dispose();
    }
  } finally {
    await store.close();
  }
}

/** Tests concepts by a model that the profile was not made with: on a profile of the same texts, for as long as it takes. */
async function testOnOwnProfile(
  tested: TestedModel,
  request: ConceptTestRequest,
  progress: Report,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const { stored, model, tokenizer } = tested;
  const { betweenBatches = () => setImmediate() } = request;
  const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-control-'));
  const store = new FolderStore(folder);
  const pool = new ReductionPool();
  try {
    const { plan, corpus, tool } = stored.manifest;
    const layers = model.outputs.map(({ site }) => site.layer);
    const quantity = [...new Set(model.outputs.map((output) => output.quantity))];
    const batchTokens = Math.max(batchSizeFor(model), plan.window);
    pool.reserve(
      model.outputs.map(({ site }) => site.dFf),
      batchTokens,
      1,
    );
    await runProfile(
      {
        corpus: await profiledCorpus(stored, tokenizer),
        ...{ tokenizer, model, store, batchTokens, betweenBatches },
        compression: deflate,
        plan: { ...plan, quantity, layers: [Math.min(...layers), Math.max(...layers)] },
        provenance: { tool, selfTest: null, onnxruntime: ONNXRUNTIME_VERSION, provider: 'cpu' },
        createAccumulator: (neurons) => createSiteAccumulator(pool.createReduction(neurons)),
        createHash: contentHash,
        clock: () => Date.now(),
      },
      { progress: ({ tokensDone }) => progress({ step: 'profile', done: tokensDone, total: corpus.tokens }) },
      signal,
    );
    signal.throwIfAborted();
    const own = { ...tested, stored: await StoredProfile.open(store, deflate) };
    return (await findConcepts(own, request, progress, signal)).results;
  } finally {
    pool.end();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
