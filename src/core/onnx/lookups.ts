import { isTokenIds } from './graph/inputsOf';
import type { GraphIndex } from './graph/graphIndex';
import type { OnnxNode } from './protobuf/model';
import { kindOf } from './ffn/operators';
import { weightOf } from './ffn/weights';

/** What a graph looks up by token and by position in tables of its own, which nothing beyond them may ask for. */
export interface Lookups {
  /** Rows of the token embedding, the smallest where there are several; null where none is found. */
  readonly tokens: number | null;
  /** Tables that may be looked up by position: `places` is what they are looked up by, or what is cut from them. */
  readonly byPosition: readonly PositionTable[];
}

export interface PositionTable {
  readonly rows: number;
  /**
   * `index`: the tensor holds the number of a row for each token. `slice`: it has as many rows as there are tokens, on
   * `axis`. `count`: rows are taken from the first one on, one for each token.
   */
  readonly kind: 'index' | 'slice' | 'count';
  readonly tensor: string;
  readonly axis: number;
}

/** Operators that take rows of a table by their numbers: their table and numbers are the first two inputs. */
const GATHERS: readonly string[] = ['Gather', 'GatherBlockQuantized'];
/** Inputs of fused operators: a table by position, and the numbers of its rows; null where they count for themselves. */
const FUSED: Readonly<Record<string, { readonly table: number; readonly numbers: number | null }>> = {
  '/RotaryEmbedding': { table: 1, numbers: 3 },
  'com.microsoft/RotaryEmbedding': { table: 2, numbers: 1 },
  'com.microsoft/GroupQueryAttention': { table: 7, numbers: null },
  'com.microsoft/EmbedLayerNormalization': { table: 3, numbers: null },
};
/** The token embedding of EmbedLayerNormalization. */
const FUSED_TOKENS = 2;
/** A table of fewer rows holds kinds of token and no positions. */
const FEWEST_POSITIONS = 4;
/** Operators that numbers of positions are made with, at most: more are no counting any more. */
const LONGEST_COUNTING = 200;

/** Finds the tables of token embeddings and positions. */
export function findLookups(index: GraphIndex): Lookups {
  const tokens: number[] = [];
  const byPosition: PositionTable[] = [];
  for (const node of index.graph.nodes) {
    if (GATHERS.includes(node.opType)) {
      const rows = rowsOf(index, node.inputs[0]);
      const numbers = node.inputs[1] ?? '';
      if (rows === null || index.isConstant(numbers)) continue;
      if (isOfTokens(index, numbers)) tokens.push(rows);
      else if (isCounting(index, numbers)) {
        byPosition.push({ rows, kind: 'index', tensor: numbers, axis: 0 });
      }
    } else if (node.opType === 'Slice') byPosition.push(...slicedTable(index, node));
    else byPosition.push(...fusedTable(index, node, tokens));
  }
  const tables = new Map(byPosition.map((table) => [`${table.kind} ${table.tensor} ${table.rows}`, table]));
  return {
    tokens: tokens.length === 0 ? null : Math.min(...tokens),
    byPosition: [...tables.values()].filter(({ rows }) => rows >= FEWEST_POSITIONS),
  };
}

/** What the graph looks tokens up in, where it is a table of vectors. */
export interface TokenEmbedding {
  /** The vectors of a batch of tokens; of a quantised table its whole numbers, which have the same order. */
  readonly tensor: string;
  readonly width: number;
}

/** @returns null where tokens are looked up in another file, or within a fused operator */
export function findTokenEmbedding(index: GraphIndex): TokenEmbedding | null {
  for (const { opType, inputs, outputs } of index.graph.nodes) {
    if (!GATHERS.includes(opType) || !isOfTokens(index, inputs[1] ?? '')) continue;
    const dims = weightOf(index, inputs[0] ?? '')?.dims ?? [];
    if (dims.length === 2) return { tensor: outputs[0] ?? '', width: dims[1]! };
  }
  return null;
}

/** Rows of a constant table of vectors. */
function rowsOf(index: GraphIndex, name = ''): number | null {
  const dims = weightOf(index, name)?.dims ?? [];
  return dims.length === 2 ? dims[0]! : null;
}

/** Whether a tensor holds the ids of the tokens themselves. */
function isOfTokens(index: GraphIndex, name: string): boolean {
  let tensor = name;
  for (let node = index.producer(tensor); node && kindOf(node) === 'reshape'; node = index.producer(tensor)) {
    tensor = node.inputs[0] ?? '';
  }
  return isTokenIds(tensor);
}

/** Whether numbers are made of shapes, masks and ids alone, and not of what a layer computes. */
function isCounting(index: GraphIndex, numbers: string): boolean {
  const nodes = index.ancestors([numbers], LONGEST_COUNTING);
  return (
    nodes.size < LONGEST_COUNTING && [...nodes].every((node) => !/MatMul|Gemm|Conv|MoE/.test(node.opType))
  );
}

/** A table of which a text takes the first rows, as many as it has tokens: positions, or a triangular mask. */
function slicedTable(index: GraphIndex, { inputs, outputs }: OnnxNode): PositionTable[] {
  const [table = '', starts = '', ends = '', axes = ''] = inputs;
  const dims = weightOf(index, table)?.dims;
  if (!dims || index.isConstant(ends) || !isCounting(index, ends)) return [];
  if (index.numbers(starts, 4)?.some((start) => start !== 0)) return [];
  const at = axes === '' ? 0 : (index.numbers(axes, 1)?.[0] ?? null);
  if (at === null) return [];
  const axis = at < 0 ? at + dims.length : at;
  const rows = dims[axis];
  return rows === undefined ? [] : [{ rows, kind: 'slice', tensor: outputs[0] ?? '', axis }];
}

function fusedTable(index: GraphIndex, node: OnnxNode, tokens: number[]): PositionTable[] {
  const { domain, opType, inputs } = node;
  const fused = FUSED[`${domain}/${opType}`];
  if (!fused) return [];
  if (opType === 'EmbedLayerNormalization') {
    const ids = rowsOf(index, inputs[FUSED_TOKENS]);
    if (ids !== null) tokens.push(ids);
  }
  const rows = rowsOf(index, inputs[fused.table]);
  if (rows === null) return [];
  const numbers = fused.numbers === null ? '' : (inputs[fused.numbers] ?? '');
  if (numbers === '') return [{ rows, kind: 'count', tensor: '', axis: 0 }];
  return isCounting(index, numbers) ? [{ rows, kind: 'index', tensor: numbers, axis: 0 }] : [];
}
