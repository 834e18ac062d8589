import { setImmediate } from 'node:timers/promises';
import type { ConceptResults, TestSettings } from '../../core/concepts/conceptResults';
import type { ConceptFindings } from '../../core/concepts/conceptReport';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import { runConcepts } from '../../core/concepts/conceptRun';
import { readEarlierTest, writeConcepts } from '../../core/concepts/conceptsAnnex';
import { controlFiles, readControls } from '../../core/concepts/controls/keptControls';
import { controlsAfter, mergeTests, settingsToAdd, type EarlierTest } from '../../core/concepts/mergedTest';
import { onlyConcepts, requireConcepts, type LabelFamily } from '../../core/concepts/labels/family';
import type { ActivationModel } from '../../core/onnx/activationModel';
import type { FileStore } from '../../core/profile/fileStore';
import { requireCurrentFormat } from '../../core/profile/compatibility';
import { StoredProfile } from '../../core/profile/storedProfile';
import type { Tokenizer } from '../../core/text/tokenizer';
import { deflate } from '../files/deflate';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { LanguageThread } from '../language/languageThread';
import type { ModelPackage } from '../models/modelPackage';
import { openMatrixProducts } from '../onnxruntime/matrixProduct';
import { readChatTemplate } from '../tokenizers/chatTemplateFile';
import { batchSizeFor } from './batchSize';
import { openProfiledModel } from './profiledModel';

/** Memory for the values of chosen neurons (docs/methods.md, Two halves). */
const VALUE_BYTES = 2 ** 30;

/** Concepts to be tested on a profile, as a person asks for it. */
export interface ConceptTestRequest extends TestSettings {
  readonly folder: string;
  readonly model: string;
  readonly dtype?: string;
  readonly threads?: number;
  readonly embeddedModel: string;
  /** Path of the bundled languageWorker.ts. */
  readonly languageProgram: string;
  /** The concepts, given the file of every document and the tokenizer's chat template. */
  readonly families: (files: readonly string[], chatTemplate: string | null) => readonly LabelFamily[];
  /**
   * Concepts that are tested once more or for the first time, while those of the last test stay what they are; where there was
   * none, they alone are tested.
   */
  readonly again?: readonly string[];
  readonly betweenBatches?: () => Promise<void>;
}

/** What concepts are tested on. */
export interface TestedModel {
  readonly stored: StoredProfile;
  readonly model: ActivationModel;
  readonly tokenizer: Tokenizer;
  readonly modelPackage: ModelPackage;
  /** Of a control: what the halves of its test had room for. */
  readonly room?: number;
  /** Names of the concepts that are measured, where that is not all. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Tests concepts on a profile with its own model, and keeps the results beside it.
 * @throws LensError `usage` where `again` names concepts that are not there, or the last test cannot be added to.
 * @throws LensError where profile and model do not belong together, or the profile keeps no text
 */
export async function testConcepts(
  request: ConceptTestRequest,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const { folder } = request;
  const store = new FolderStore(folder);
  const stored = await StoredProfile.open(store, deflate);
  requireCurrentFormat(stored.manifest, 'concepts cannot be added to the profile');
  const lock = await lockFolder(folder);
  try {
    const profiled = await openProfiledModel(folder, modelRequest(request));
    try {
      const tested = { ...profiled, stored };
      const earlier = request.again ? await readEarlierTest(store, stored.manifest) : null;
      if (earlier) return await addToTest(store, earlier, tested, request, progress, signal);
      const found = await findConcepts(tested, onlyAgain(request), progress, signal);
      await writeConcepts(store, contentHash, found);
      return found.results;
    } finally {
      await profiled.dispose();
    }
  } finally {
    await store.close();
    await lock.release();
  }
}

/** Tests some concepts anew, or further ones, and keeps them with all others that an earlier test has. */
async function addToTest(
  store: FileStore,
  earlier: EarlierTest,
  tested: TestedModel,
  request: ConceptTestRequest,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const { room, ...settings } = settingsToAdd(earlier);
  const { again = [] } = request;
  const only = new Set(again);
  const asked: ConceptTestRequest = {
    ...{ ...request, ...settings },
    families: (...given) => {
      const all = request.families(...given);
      requireConcepts(all, again);
      // Those that are not measured are labelled as well: which concepts are nested is known by their tokens.
      return all;
    },
  };
  const found = await findConcepts({ ...tested, only, room }, asked, progress, signal);
  const merged = mergeTests(earlier, found, only);
  const controls = await readControls(store, tested.stored.manifest, earlier.results);
  const after = controlsAfter(controls, merged.results, only);
  await writeConcepts(store, contentHash, merged, controlFiles(after));
  return merged.results;
}

/** Where there was no test to add to, the concepts that it asks for are the whole test. */
function onlyAgain(request: ConceptTestRequest): ConceptTestRequest {
  const { again } = request;
  if (!again) return request;
  return { ...request, families: (...given) => onlyConcepts(request.families(...given), again) };
}

/** The model that a test asks for. */
export function modelRequest({
  model,
  dtype,
  threads,
  embeddedModel,
}: ConceptTestRequest): Parameters<typeof openProfiledModel>[1] {
  return {
    model,
    embeddedModel,
    ...(dtype !== undefined && { dtype }),
    ...(threads !== undefined && { threads }),
  };
}

/** Tests concepts on what is open, and keeps nothing. */
export async function findConcepts(
  { stored, model, tokenizer, modelPackage, room, only }: TestedModel,
  request: ConceptTestRequest,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptFindings> {
  const { tokenizerPath } = modelPackage;
  const chatTemplate = tokenizerPath === null ? null : await readChatTemplate(tokenizerPath);
  const labellers = new LanguageThread(request.languageProgram);
  const began = performance.now();
  const products = await openMatrixProducts(request.threads);
  try {
    const found = await runConcepts(
      {
        ...{ stored, model, tokenizer, labellers },
        product: products.multiply,
        byteProduct: products.multiplyBytes,
        families: (files) => request.families(files, chatTemplate),
        neurons: request.neurons,
        layers: request.layers,
        strict: request.strict,
        batchTokens: batchSizeFor(model),
        valueBytes: VALUE_BYTES,
        ...(room !== undefined && { room }),
        ...(only && { only }),
        clock: () => Date.now(),
        // Signals arrive between two batches.
        betweenBatches: request.betweenBatches ?? (() => setImmediate()),
      },
      progress,
      signal,
    );
    const seconds = Math.round(performance.now() - began) / 1000;
    return { ...found, results: { ...found.results, abandoned: labellers.abandoned, seconds } };
  } finally {
    await products.dispose();
    await labellers.end();
  }
}
