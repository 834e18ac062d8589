import type { Tensor } from 'onnxruntime-node';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { inputsOf } from '../../core/onnx/graph/inputsOf';
import { findLookups, type PositionTable } from '../../core/onnx/lookups';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import { configNumber, statedLength, textConfig } from '../models/modelConfig';
import type { ModelPackage } from '../models/modelPackage';
import { tensorValues } from './expertRows';
import type { AnalysedPart } from './analysedPart';
import { StackSession } from './stackSession';

/** What a stack can be given. */
export interface StackLimits {
  /** Every id must be below; null where neither graph nor configuration tells. */
  readonly vocabulary: number | null;
  /** Tokens of a sequence, special ones included. */
  readonly length: number;
}

/** Tokens that a model is taken to be for when nothing says how many, as with relative positions. */
const UNSTATED_LENGTH = 2048;
/** Tokens that positions are counted for, to see how: more than tables of kinds have rows, fewer than of positions. */
const COUNTED = 32;
/** Inputs that other files of a model make, or that have no tokens. */
const MADE_ELSEWHERE = /embeds|hidden|pixel|image|audio|features|input_values/;

/** Reads from the tables of a stack's graph, and from the configuration, which ids and how many tokens it takes. */
export async function stackLimits(modelPackage: ModelPackage, analysed: AnalysedPart): Promise<StackLimits> {
  const { config } = modelPackage;
  const { tokens, byPosition } = findLookups(analysed.analysis.index);
  const counted = byPosition.flatMap(({ kind, rows }) => (kind === 'count' ? rows : []));
  const inTables = [...counted, ...(await countedLengths(modelPackage, analysed, byPosition))];
  const stated = statedLength(config);
  const lengths = [...inTables, ...(stated === null ? [] : [stated])];
  return {
    vocabulary: tokens ?? configNumber(textConfig(config), 'vocab_size'),
    length: lengths.length === 0 ? UNSTATED_LENGTH : Math.min(...lengths),
  };
}

/**
 * How many tokens each table is made for that is looked up by position. The positions alone are run for it, as families
 * begin to count at 0, at 2 or behind the id of the padding.
 */
async function countedLengths(
  modelPackage: ModelPackage,
  { analysis: { index }, file, weights }: AnalysedPart,
  byPosition: readonly PositionTable[],
): Promise<number[]> {
  const tables = byPosition.filter(({ kind, tensor }) => {
    const inputs = kind === 'count' ? [] : [...inputsOf(index, tensor)];
    return kind !== 'count' && !inputs.some((name) => MADE_ELSEWHERE.test(name));
  });
  if (tables.length === 0) return [];
  const editor = new GraphEditor(index);
  const names = tables.map(({ tensor }) => editor.add('Identity', [tensor]));
  const bytes = editor.write(names, weights.renamed);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, {});
  try {
    const most = Math.min(COUNTED, ...tables.map(({ rows }) => rows));
    const one = await session.run(session.fitted(rowOf(1)));
    const many = await session.run(session.fitted(rowOf(most)));
    return tables.flatMap((table, at) => lengthOf(table, one[names[at]!]!, many[names[at]!]!, most) ?? []);
  } finally {
    await session.dispose();
  }
}

/** Tokens that a table is made for; null where it is not looked up by position. */
function lengthOf(
  { kind, rows, axis }: PositionTable,
  one: Tensor,
  many: Tensor,
  tokens: number,
): number | null {
  if (kind === 'slice') return one.dims[axis] === 1 && many.dims[axis] === tokens ? rows : null;
  const [first, last] = [tensorValues(one), tensorValues(many)];
  if (first.length !== 1 || last.length !== tokens) return null;
  return Math.max(...last) - first[0]! === tokens - 1 ? rows - first[0]! : null;
}

/** A sequence of tokens, of which none is padding. */
function rowOf(width: number): TokenBatch {
  return { rows: 1, width, ids: new Uint32Array(width).fill(5), lengths: Uint32Array.of(width) };
}
