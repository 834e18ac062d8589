import { LensError } from '../../core/common/errors';
import type { ActivationModel, SiteActivations, TokenBatch } from '../../core/onnx/activationModel';
import { findTokenEmbedding } from '../../core/onnx/lookups';
import { TensorType } from '../../core/onnx/protobuf/model';
import type { FfnSite } from '../../core/onnx/site';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import { choosePart, type ModelPackage } from '../models/modelPackage';
import { analysePart } from './analysedPart';
import { cutToBatch } from './fixedShape';
import type { SessionSettings } from './session';
import { StackSession } from './stackSession';

/**
 * A model of which nothing is run but the token embedding: its dimensions stand in the place of neurons, and say what is
 * known of a token alone.
 * @param like the model itself, which says how windows are cut and which tokens count.
 * @throws LensError `unsupported-model` where the graph has no such table
 */
export async function openEmbeddingModel(
  modelPackage: ModelPackage,
  like: ActivationModel,
  settings: SessionSettings,
): Promise<ActivationModel> {
  const part = like.outputs[0]!.site.part;
  const { analysis, file, weights } = await analysePart(modelPackage, choosePart(modelPackage, part));
  const table = findTokenEmbedding(analysis.index);
  if (!table) {
    throw new LensError(
      'unsupported-model',
      `No table of token embeddings was found in ${file.path}: it cannot be a control.`,
    );
  }
  const editor = new GraphEditor(analysis.index);
  const output = editor.add('Cast', [table.tensor], { to: TensorType.float });
  const bytes = editor.write([output], weights.renamed);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, settings);
  const site: FfnSite = {
    part,
    layer: 0,
    block: null,
    expert: null,
    dModel: table.width,
    dFf: table.width,
    gated: false,
    packed: false,
    activation: 'other',
    sharedWith: null,
    quantities: ['act'],
  };
  const { causal, maximumLength, maximumRows, equalLengths, identity } = like;
  return {
    ...{ causal, maximumLength, maximumRows, equalLengths, identity },
    outputs: [{ site, quantity: 'act' }],
    sites: [site],
    run: async (batch: TokenBatch): Promise<readonly SiteActivations[]> => {
      const fitted = session.fitted(batch);
      const values = (await session.run(fitted))[output]!.data as Float32Array;
      const all = { site, quantity: 'act' as const, values, positions: null, rows: fitted.rows };
      return [fitted === batch ? all : cutToBatch(all, fitted, batch)];
    },
    dispose: () => session.dispose(),
  };
}
