import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { controlOf, type ConceptControl } from '../../core/concepts/controls/conceptControl';
import { profiledCorpus } from '../../core/concepts/controls/profiledCorpus';
import type { ActivationModel } from '../../core/onnx/activationModel';
import { runProfile } from '../../core/pipeline/profileRun';
import { StoredProfile } from '../../core/profile/storedProfile';
import { createSiteAccumulator } from '../../core/stats/siteAccumulator';
import type { Tokenizer } from '../../core/text/tokenizer';
import { deflate } from '../files/deflate';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { openEmbeddingModel } from '../onnxruntime/embeddingModel';
import { ONNXRUNTIME_VERSION } from '../onnxruntime/library';
import { ReductionPool } from '../reduction/reductionPool';
import { batchSizeFor } from './batchSize';
import { openProfiledModel } from './profiledModel';
import { findConcepts, modelRequest, type ConceptTestRequest } from './testConcepts';

/** Seed of the order that weights are put into. */
const SHUFFLED = 1;

/**
 * Tests the concepts of a test once more as a control: on the same texts by the same model with shuffled weights
 * (`shuffled`) or by its token embedding alone (`embedding`), or by the model itself on another profile (its folder).
 * @param original what the test found. @throws LensError as `testConcepts`
 */
export async function testControl(
  control: string,
  request: ConceptTestRequest,
  original: ConceptResults,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptControl> {
  const isOtherCorpus = control !== 'shuffled' && control !== 'embedding';
  const folder = isOtherCorpus ? control : request.folder;
  const store = new FolderStore(folder);
  try {
    const stored = await StoredProfile.open(store, deflate);
    const profiled = await openProfiledModel(folder, {
      ...modelRequest(request),
      ...(control === 'shuffled' && { shuffled: SHUFFLED }),
    });
    const { tokenizer, modelPackage } = profiled;
    let model: ActivationModel = profiled.model;
    try {
      if (isOtherCorpus) {
        const { results } = await findConcepts(
          { stored, model, tokenizer, modelPackage },
          request,
          progress,
          signal,
        );
        return controlOf(control, original, results, true);
      }
      if (control === 'embedding') {
        const { threads } = request;
        model = await openEmbeddingModel(modelPackage, model, threads === undefined ? {} : { threads });
      }
      // A layer of the model is none of its embedding.
      const asked = control === 'embedding' ? { ...request, layers: null } : request;
      const { results } = await onOwnProfile(stored, model, tokenizer, signal, (own) =>
        findConcepts({ stored: own, model, tokenizer, modelPackage }, asked, progress, signal),
      );
      return controlOf(control, original, results, false);
    } finally {
      if (model !== profiled.model) await model.dispose();
      await profiled.dispose();
    }
  } finally {
    await store.close();
  }
}

/** Makes a profile of the same texts by another model for as long as it is needed. */
async function onOwnProfile<Result>(
  stored: StoredProfile,
  model: ActivationModel,
  tokenizer: Tokenizer,
  signal: AbortSignal,
  use: (own: StoredProfile) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-control-'));
  const store = new FolderStore(folder);
  const pool = new ReductionPool();
  try {
    const { plan } = stored.manifest;
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
        ...{ tokenizer, model, store, batchTokens },
        compression: deflate,
        plan: { ...plan, quantity, layers: [Math.min(...layers), Math.max(...layers)] },
        provenance: {
          tool: stored.manifest.tool,
          selfTest: null,
          onnxruntime: ONNXRUNTIME_VERSION,
          provider: 'cpu',
        },
        createAccumulator: (neurons) => createSiteAccumulator(pool.createReduction(neurons)),
        createHash: contentHash,
        clock: () => Date.now(),
      },
      { progress: () => undefined },
      signal,
    );
    signal.throwIfAborted();
    return await use(await StoredProfile.open(store, deflate));
  } finally {
    pool.end();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
