import { formatSite, type SiteAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import { UNTRIED } from '../onnxruntime/batching';
import type { ChangeableSession, RunText } from '../onnxruntime/changeableSession';
import { OnnxActivationModel } from '../onnxruntime/onnxActivationModel';
import { GrowingBuffers } from '../onnxruntime/outputBuffers';
import type { ReadingDecoder } from '../onnxruntime/readingDecoder';
import { repeatRow, rowsOfOutput, type RowOutput } from '../onnxruntime/repeatedRows';
import type { SessionSettings } from '../onnxruntime/session';
import { StackSession } from '../onnxruntime/stackSession';
import { tokenGrid } from '../onnxruntime/tokenGrid';
import type { WholeModel } from './wholeModel';

/** What a model makes of a text with nothing changed. */
export interface UnchangedRun {
  readonly output: RowOutput;
  /** [tokens × neurons] of a layer; NaN at the tokens that an expert did not get. */
  readonly activationsOf: (address: SiteAddress) => Float32Array;
}

/** A model that is open for changes, run with none: it tells the neurons of its layers beside its output. */
export class UnchangedModel {
  private readonly model: OnnxActivationModel;

  /** @param changeable one that tells its neurons */
  constructor(
    private readonly changeable: ChangeableSession,
    { modelPackage, analysed, limits }: WholeModel,
    sites: readonly LocatedSite[],
    quantity: Quantity,
  ) {
    const { session, told, output } = changeable;
    this.model = new OnnxActivationModel({
      ...{ modelPackage, analysed, session, limits },
      wanted: sites.map((located) => ({ located, quantity })),
      exposed: { ...told!, beside: [output] },
      ...{ selfTest: null, buffers: new GrowingBuffers(), batching: UNTRIED },
    });
  }

  async run(text: RunText): Promise<UnchangedRun> {
    const { ids, named } = text;
    const { session, reader, output } = this.changeable;
    const own = this.changeable.ownIds(text);
    const batch = repeatRow(own, 1);
    const nothing = this.changeable.nothingChanged(text, named.size === 0 ? session.fitted(batch) : batch);
    const given = new Map([...session.atEveryToken, ...nothing]);
    const { activations, outputs } = await this.model.runBeside(batch, named, given);
    const result = outputs[output]!;
    const read = reader ? await reader.read(result, ids, 1, named) : result;
    const source = named.get('input_ids');
    const inEncoder = this.model.outputs[0]?.site.part === 'encoder';
    const tokens = inEncoder && source ? source.values.length : own.length;
    const grids = new Map(activations.map((one) => [formatSite(one.site), tokenGrid(one, tokens, null)]));
    return {
      output: rowsOfOutput(read, 1, ids.length)[0]!,
      activationsOf: (address) => grids.get(formatSite(address))!.values,
    };
  }
}

/**
 * What a model's file as it is makes of a text. It is open no longer than that takes.
 * @param output of the stack, or where it is read by a decoder, what that reads
 * @throws LensError `unsupported-model` with onnxruntime's reason
 */
export async function originalOutput(
  { modelPackage, analysed }: WholeModel,
  output: string,
  reader: ReadingDecoder | null,
  { ids, named }: RunText,
  settings: SessionSettings,
): Promise<RowOutput> {
  const { analysis, file, weights } = analysed;
  const bytes = new GraphEditor(analysis.index).write([output], weights.renamed);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, settings);
  try {
    const source = named.get('input_ids');
    const own = reader && source ? Uint32Array.from(source.values) : ids;
    const batch = session.fitted(repeatRow(own, 1));
    const results = await session.run(batch, named, { [output]: null }, session.atEveryToken);
    const read = reader ? await reader.read(results[output]!, ids, 1, named) : results[output]!;
    const { values, width } = rowsOfOutput(read, 1, ids.length)[0]!;
    return { values: values.slice(), width };
  } finally {
    await session.dispose();
  }
}
