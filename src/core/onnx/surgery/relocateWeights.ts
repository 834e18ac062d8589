import type { OnnxGraph, OnnxTensor } from '../protobuf/model';
import { WireReader } from '../protobuf/wireReader';
import { WireWriter } from '../protobuf/wireWriter';

/**
 * Renames the files in which a graph's weights lie.
 * @param names new name by old name; files that are not in it keep theirs
 */
export function relocateWeights(graph: OnnxGraph, names: ReadonlyMap<string, string>): OnnxGraph {
  if (names.size === 0) return graph;
  const initializers = new Map(
    [...graph.initializers].map(([name, tensor]) => [name, relocated(tensor, names)] as const),
  );
  return { ...graph, initializers };
}

function relocated(tensor: OnnxTensor, names: ReadonlyMap<string, string>): OnnxTensor {
  const { external } = tensor;
  const location = external ? names.get(external.location) : undefined;
  if (!external || location === undefined) return tensor;
  const writer = new WireWriter();
  const fields = new WireReader(tensor.bytes);
  while (fields.next()) {
    if (fields.field !== 13) writer.raw(fields.bytes.subarray(fields.tagStart, fields.end));
  }
  const entry = (key: string, value: string): WireWriter => new WireWriter().text(1, key).text(2, value);
  writer.message(13, entry('location', location)).message(13, entry('offset', String(external.offset)));
  if (external.length !== null) writer.message(13, entry('length', String(external.length)));
  return { ...tensor, external: { ...external, location }, bytes: writer.finish() };
}
