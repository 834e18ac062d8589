import { setImmediate } from 'node:timers/promises';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import { runConcepts } from '../../core/concepts/conceptRun';
import { writeConcepts } from '../../core/concepts/conceptsAnnex';
import type { LabelFamily } from '../../core/concepts/labels/family';
import { requireCurrentFormat } from '../../core/profile/compatibility';
import { StoredProfile } from '../../core/profile/storedProfile';
import { deflate } from '../files/deflate';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { LanguageThread } from '../language/languageThread';
import { openMatrixProducts } from '../onnxruntime/matrixProduct';
import { batchSizeFor } from './batchSize';
import { openProfiledModel } from './profiledModel';

/** Memory for the values of chosen neurons (docs/methods.md, Two halves). */
const VALUE_BYTES = 2 ** 30;

/** Concepts to be tested on a profile, as a person asks for it. */
export interface ConceptTestRequest {
  readonly folder: string;
  readonly model: string;
  readonly dtype?: string;
  readonly threads?: number;
  readonly embeddedModel: string;
  /** Path of the bundled languageWorker.ts. */
  readonly languageProgram: string;
  readonly families: (files: readonly string[]) => readonly LabelFamily[];
  readonly neurons: number;
  readonly layers: readonly [number, number] | null;
  readonly strict: boolean;
  readonly betweenBatches?: () => Promise<void>;
}

/**
 * Tests concepts on a profile with its own model, and keeps the results beside it.
 * @throws LensError where profile and model do not belong together, or the profile keeps no text
 */
export async function testConcepts(
  request: ConceptTestRequest,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const { folder, model, dtype, threads, embeddedModel, languageProgram } = request;
  const store = new FolderStore(folder);
  const stored = await StoredProfile.open(store, deflate);
  requireCurrentFormat(stored.manifest, 'concepts cannot be added to the profile');
  const lock = await lockFolder(folder);
  const labellers = new LanguageThread(languageProgram);
  try {
    const profiled = await openProfiledModel(folder, {
      model,
      embeddedModel,
      ...(dtype !== undefined && { dtype }),
      ...(threads !== undefined && { threads }),
    });
    const products = await openMatrixProducts(threads);
    try {
      const tested = await runConcepts(
        {
          stored,
          model: profiled.model,
          tokenizer: profiled.tokenizer,
          labellers,
          product: products.multiply,
          byteProduct: products.multiplyBytes,
          families: request.families,
          neurons: request.neurons,
          layers: request.layers,
          strict: request.strict,
          batchTokens: batchSizeFor(profiled.model),
          valueBytes: VALUE_BYTES,
          clock: () => Date.now(),
          // Signals arrive between two batches.
          betweenBatches: request.betweenBatches ?? (() => setImmediate()),
        },
        progress,
        signal,
      );
      const results = { ...tested.results, abandoned: labellers.abandoned };
      await writeConcepts(store, contentHash, { ...tested, results });
      return results;
    } finally {
      await products.dispose();
      await profiled.dispose();
    }
  } finally {
    await labellers.end();
    await store.close();
    await lock.release();
  }
}
