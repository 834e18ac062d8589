import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { readsNoText } from '../../core/onnx/graph/inputsOf';
import { formatValue } from '../../core/common/numberFormat';
import { selfTestLabel, selfTestSentence, type SelfTest, type SiteCheck } from '../../core/common/selfTest';
import { resolveModelPackage, type ModelPackage } from '../../runtime/models/modelPackage';
import { batchingSentences, type Batching } from '../../runtime/onnxruntime/batching';
import { analysePart, type AnalysedPart } from '../../runtime/onnxruntime/analysedPart';
import { headTest, headTestSentence, type HeadTest } from '../../runtime/onnxruntime/headTest';
import { noFfnFound, openActivationModel } from '../../runtime/onnxruntime/openActivationModel';
import { rememberedSelfTest } from '../../runtime/onnxruntime/rememberedSelfTest';
import { EMBEDDED_MODEL } from '../environment';
import { printJson, printLine, printText } from '../output/print';
import { formatTable, type Column } from '../output/table';

interface CheckFlags {
  dtype?: string;
  json: boolean;
}

interface CheckedFile {
  readonly part: string;
  readonly file: string;
  readonly sha256: string;
  readonly selfTest: SelfTest;
  /** How its windows may be run together; null where it takes no text. */
  readonly batching: Batching | null;
  readonly head: HeadTest;
}

/**
 * `models check MODEL`: runs the self-test anew on every stack of a model, also where it was tested before.
 * @throws LensError `no-ffn-found`; `unsupported-model` when what is computed is not what the matrices give
 */
export async function checkModel(model: string, { dtype, json }: CheckFlags): Promise<void> {
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel: EMBEDDED_MODEL,
    ...(dtype !== undefined && { dtype }),
  });
  const files: CheckedFile[] = [];
  for (const part of modelPackage.parts.keys()) {
    const analysed = await analysePart(modelPackage, part);
    if (analysed.analysis.sites.length === 0) throw noFfnFound(modelPackage, analysed);
    const selfTest = await rememberedSelfTest(modelPackage, analysed, { again: true });
    const batching = await tryRunning(modelPackage, part, analysed);
    const head = await headTest(modelPackage, analysed);
    files.push({ part, file: analysed.file.path, sha256: analysed.sha256, selfTest, batching, head });
  }
  if (json) printJson({ model: { id: modelPackage.id, dtype: modelPackage.dtype }, files });
  else for (const file of files) printFile(file);
  const failed = files.find(({ selfTest }) => selfTest.passed === false);
  if (failed)
    throw new LensError('unsupported-model', `${failed.file}: ${selfTestSentence(failed.selfTest)}`);
  const other = files.find(({ head }) => head.passed === false);
  if (other) throw new LensError('unsupported-model', `${other.file}: ${headTestSentence(other.head)}`);
}

/**
 * Runs a text through a stack as a profile does, alone and in batches.
 * @throws LensError where it cannot be run
 */
async function tryRunning(
  modelPackage: ModelPackage,
  part: Part,
  { analysis: { index, sites } }: AnalysedPart,
): Promise<Batching | null> {
  if (sites.every(({ source }) => readsNoText(index, source.ffn.act.name))) return null;
  const options = { ...(part !== 'model' && { part }), onlyText: true, batches: { again: true } };
  const model = await openActivationModel(modelPackage, options);
  await model.dispose();
  return model.batching;
}

function printFile({ file, selfTest, batching, head }: CheckedFile): void {
  printLine(`${selfTestLabel(selfTest)}  ${file}`);
  printText(`\n${formatTable(COLUMNS, selfTest.checks)}\n`);
  if (batching) for (const sentence of batchingSentences(batching)) printLine(sentence);
  printLine(headTestSentence(head));
}

const COLUMNS: readonly Column<SiteCheck>[] = [
  { title: 'site', text: ({ site }) => site },
  {
    title: 'largest difference',
    align: 'right',
    text: ({ largestDifference }) => formatValue(largestDifference),
  },
  { title: 'allowed', align: 'right', text: ({ allowed }) => formatValue(allowed) },
  { title: 'largest value', align: 'right', text: ({ peak }) => formatValue(peak) },
  { title: '', text: ({ reason }) => (reason === null ? '' : `not checked: ${reason}`) },
];
