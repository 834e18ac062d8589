import { join } from 'node:path';
import * as v from 'valibot';
import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { whyPadsReach } from '../../core/onnx/padReach';
import { cacheFolder } from '../files/cacheFolder';
import { readRecord, writeRecord } from '../files/cachedRecord';
import type { ModelPackage } from '../models/modelPackage';
import { tryBatching, type Batching } from './batching';
import { ONNXRUNTIME_VERSION } from './library';
import type { OnnxActivationModel } from './onnxActivationModel';
import type { AnalysedPart, WantedOutput } from './analysedPart';
import { probeTokens } from './probeTokens';
import type { FixedShape } from './fixedShape';

/** Raised whenever something else is found out. */
const VERSION = 1;

const schema = v.object({
  version: v.number(),
  onnxruntime: v.string(),
  batching: v.object({ equalLengths: v.nullable(v.string()), alone: v.nullable(v.string()) }),
});

/** Which of a model is run, and whether its windows may be run together. */
export interface BatchingOptions {
  /** Stack to expose in a model with two; the encoder where absent. */
  readonly part?: Part;
  /** First and last layer to expose; all where absent. Nothing after the last one is run. */
  readonly layers?: readonly [number, number];
  /** Finds out how windows may be run together, unless that is known of the file; where absent, each is run alone. */
  readonly batches?: { readonly again?: boolean };
}

interface Opened {
  readonly modelPackage: ModelPackage;
  readonly analysed: AnalysedPart;
  readonly wanted: readonly WantedOutput[];
  readonly session: { readonly fixed: FixedShape };
}

/**
 * How the windows of a model may be run together: as it was found on the first use of this very file, else found out
 * from its graph and by trying, and remembered where all its layers were tried.
 * @throws LensError `unsupported-model` when it cannot be run on any text
 */
export async function batchingOf(
  model: OnnxActivationModel,
  opened: Opened,
  { batches, layers, part }: BatchingOptions,
): Promise<Batching> {
  const { sha256 } = opened.analysed;
  const path = join(cacheFolder(), 'batching', `${sha256}.json`);
  const known = batches?.again === true ? null : await readRecord(path, schema);
  const isKnown = known?.version === VERSION && known.onnxruntime === ONNXRUNTIME_VERSION;
  const batching = isKnown ? known.batching : await findOut(model, opened);
  if (!isKnown && layers === undefined && part === undefined) {
    await writeRecord(path, { version: VERSION, onnxruntime: ONNXRUNTIME_VERSION, batching });
  }
  const { length } = opened.session.fixed;
  if (length === null || batching.equalLengths === null) return batching;
  throw new LensError(
    'unsupported-model',
    `${model.identity.id} takes exactly ${length} tokens at a time and cannot be run on shorter texts, which would be ` +
      `padded: ${batching.equalLengths}. Export it with dynamic axes.`,
  );
}

async function findOut(model: OnnxActivationModel, opened: Opened): Promise<Batching> {
  const { analysed, modelPackage, session, wanted } = opened;
  const { index } = analysed.analysis;
  const isRounded = index.graph.nodes.some(({ opType }) => opType.startsWith('DynamicQuantize'));
  const alone = isRounded
    ? 'its 8-bit rounding goes by all that is in a batch'
    : session.fixed.rows === 1
      ? 'its inputs are fixed to one text'
      : undefined;
  const tensors = wanted.map(({ located }) => located.source.ffn.act.name);
  const isNeverPadded = alone !== undefined && session.fixed.length === null;
  const equalLengths = isNeverPadded
    ? null
    : (whyPadsReach(index, tensors, model.causal) ?? (isRounded ? null : undefined));
  const limits = { vocabulary: model.vocabularySize, length: model.maximumLength };
  const ids = await probeTokens(modelPackage, limits);
  return tryBatching((batch) => model.run(batch), ids, model.maximumLength, {
    ...(alone !== undefined && { alone }),
    ...(equalLengths !== undefined && { equalLengths }),
  });
}
