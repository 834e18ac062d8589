import { namesRead } from './namesRead';
import type { OnnxNode } from '../protobuf/model';

/**
 * The nodes of a graph, each after those that it reads. Files should list them so, and converters that append nodes
 * at the end do not. Nodes that read each other in a circle come last, as they stood.
 */
export function sortNodes(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const maker = new Map<string, number>();
  nodes.forEach(({ outputs }, place) => outputs.forEach((name) => name !== '' && maker.set(name, place)));
  const sources = nodes.map((node) => new Set(namesRead(node).flatMap((name) => maker.get(name) ?? [])));
  if (sources.every((places, at) => [...places].every((place) => place < at))) return nodes;

  const waiting = sources.map(({ size }) => size);
  const readers = new Map<number, number[]>();
  sources.forEach((places, at) => {
    for (const place of places) {
      const known = readers.get(place);
      if (known) known.push(at);
      else readers.set(place, [at]);
    }
  });
  const order = [...nodes.keys()].filter((at) => waiting[at] === 0);
  for (let next = 0; next < order.length; next++) {
    for (const reader of readers.get(order[next]!) ?? []) {
      waiting[reader]! -= 1;
      if (waiting[reader] === 0) order.push(reader);
    }
  }
  const circular = [...nodes.keys()].filter((at) => waiting[at]! > 0);
  return [...order, ...circular].map((at) => nodes[at]!);
}
