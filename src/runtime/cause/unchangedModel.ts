import { formatSite, type SiteAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from '../onnxruntime/analysedPart';
import { UNTRIED } from '../onnxruntime/batching';
import type { RunText } from '../onnxruntime/changeableSession';
import { OnnxActivationModel } from '../onnxruntime/onnxActivationModel';
import { GrowingBuffers } from '../onnxruntime/outputBuffers';
import type { ReadingDecoder } from '../onnxruntime/readingDecoder';
import { repeatRow, rowsOfOutput, type RowOutput } from '../onnxruntime/repeatedRows';
import type { SessionSettings } from '../onnxruntime/session';
import type { StackLimits } from '../onnxruntime/stackLimits';
import { StackSession } from '../onnxruntime/stackSession';
import { tokenGrid } from '../onnxruntime/tokenGrid';

/** What a model makes of a text as it is. */
export interface UnchangedRun {
  readonly output: RowOutput;
  /** [tokens × neurons] of a layer; NaN at the tokens that an expert did not get. */
  readonly activationsOf: (address: SiteAddress) => Float32Array;
}

/** A whole model as its file has it, which tells the neurons of some layers beside its output. */
export class UnchangedModel {
  private constructor(
    private readonly session: StackSession,
    private readonly model: OnnxActivationModel,
    private readonly output: string,
    private readonly reader: ReadingDecoder | null,
  ) {}

  /**
   * @param output of the stack, or where it is read by a decoder, what that reads
   * @throws LensError `unsupported-model` with onnxruntime's reason
   */
  static async open(
    modelPackage: ModelPackage,
    analysed: AnalysedPart,
    sites: readonly LocatedSite[],
    output: string,
    limits: StackLimits,
    {
      quantity,
      reader,
      ...settings
    }: SessionSettings & { readonly quantity: Quantity; readonly reader: ReadingDecoder | null },
  ): Promise<UnchangedModel> {
    const { analysis, file, weights } = analysed;
    const wanted = sites.map((located) => ({ located, quantity }));
    const exposed = exposeNeurons(
      analysis.index,
      sites.map(({ source }) => ({ ffn: source, quantity })),
      weights.renamed,
      [{ name: output, axis: -1, rank: null }],
    );
    const runnable = { bytes: exposed.bytes, path: file.path, weightFolder: weights.folder };
    const session = await StackSession.open(runnable, modelPackage, settings);
    const model = new OnnxActivationModel({
      ...{ modelPackage, analysed, wanted, exposed, session, limits },
      ...{ selfTest: null, buffers: new GrowingBuffers(), batching: UNTRIED },
    });
    return new UnchangedModel(session, model, exposed.beside[0]!, reader);
  }

  async run({ ids, named }: RunText): Promise<UnchangedRun> {
    const source = named.get('input_ids');
    const own = this.reader && source ? Uint32Array.from(source.values) : ids;
    const batch = repeatRow(own, 1);
    const { activations, outputs } = await this.model.runBeside(batch, named, this.session.atEveryToken);
    const result = outputs[this.output]!;
    const output = this.reader ? await this.reader.read(result, ids, 1, named) : result;
    const inEncoder = this.model.outputs[0]?.site.part === 'encoder';
    const tokens = inEncoder && source ? source.values.length : own.length;
    const grids = new Map(activations.map((one) => [formatSite(one.site), tokenGrid(one, tokens, null)]));
    return {
      output: rowsOfOutput(output, 1, ids.length)[0]!,
      activationsOf: (address) => grids.get(formatSite(address))!.values,
    };
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }
}
