import { LensError } from '../../core/common/errors';
import { resultOutput } from '../../core/onnx/head/findHead';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import type { ModelPackage } from '../models/modelPackage';
import { analysePart } from './analysedPart';
import type { Tensor } from './library';
import type { NamedArrays } from './namedInputs';
import { repeatRow, repeatRows } from './repeatedRows';
import type { SessionSettings } from './session';
import { ENCODER_STATES, StackSession } from './stackSession';

/** A decoder in a file of its own that reads what an encoder made of a text, whichever way that was changed. */
export class ReadingDecoder {
  private constructor(
    private readonly session: StackSession,
    /** Its output that is no cache. */
    readonly output: string,
  ) {}

  /** @throws LensError `unsupported-model` where it gives nothing but caches, or what reading and opening throw */
  static async open(modelPackage: ModelPackage, settings: SessionSettings): Promise<ReadingDecoder> {
    const { analysis, file, weights } = await analysePart(modelPackage, 'decoder');
    const output = resultOutput(analysis.index);
    if (output === null) {
      throw new LensError(
        'unsupported-model',
        `The decoder of ${modelPackage.id} gives nothing but caches, so no effect can be seen.`,
      );
    }
    const bytes = new GraphEditor(analysis.index).write([output], weights.renamed);
    const runnable = { bytes, path: file.path, weightFolder: weights.folder };
    return new ReadingDecoder(await StackSession.open(runnable, modelPackage, settings, true), output);
  }

  /**
   * @param states [rows, tokens of the text, width] what the encoder made of it
   * @param ids what the decoder has written so far
   */
  async read(states: Tensor, ids: Uint32Array, rows: number, named: NamedArrays): Promise<Tensor> {
    const { session, output } = this;
    const given = new Map([...session.atEveryToken, [ENCODER_STATES, states] as const]);
    const batch = session.fitted(repeatRow(ids, rows));
    const results = await session.run(batch, repeatRows(named, rows), { [output]: null }, given);
    return results[output]!;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
