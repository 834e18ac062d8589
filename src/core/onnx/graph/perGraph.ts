import type { GraphIndex } from './graphIndex';

/** Makes a question about a node or tensor be answered once for each graph. */
export function perGraph<Key, Answer>(
  answer: (index: GraphIndex, key: Key) => Answer,
): (index: GraphIndex, key: Key) => Answer {
  const answers = new WeakMap<GraphIndex, Map<Key, Answer>>();
  return (index, key) => {
    let known = answers.get(index);
    if (!known) {
      known = new Map();
      answers.set(index, known);
    }
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Answer;
    const result = answer(index, key);
    known.set(key, result);
    return result;
  };
}
