import type { GraphIndex } from './graphIndex';

/** An input that takes what earlier passes left of their tokens. */
export interface CacheLink {
  readonly past: string;
  /** The output that gives it to the next pass. */
  readonly present: string;
  /** Whether it is of the text that an encoder read, and stays as the first pass gave it. */
  readonly stays: boolean;
}

const PAST = /past_key_values|past/;

/**
 * The inputs by which a graph goes on from earlier passes, as exporters call them: `past_key_values.0.key`, and
 * `present.0.key` for what a pass gives.
 * @returns none where the graph reads no such input
 */
export function cacheLinks(index: GraphIndex): CacheLink[] {
  return index.graph.inputs
    .filter(
      ({ name, shape }) => PAST.test(name) && (shape?.length ?? 0) > 2 && index.consumers(name).length > 0,
    )
    .map(({ name }) => ({
      past: name,
      present: name.replace(PAST, 'present'),
      stays: /encoder/.test(name),
    }));
}
