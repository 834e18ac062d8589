import { toLensError } from '../../core/common/errors';
import type { ConceptResult, ConceptResults, TestSettings } from '../../core/concepts/conceptResults';
import { onlyConcepts } from '../../core/concepts/labels/family';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { OwnFamily, withOwn, withoutTaken } from '../../core/concepts/own/ownFamily';
import { readOwnLabels, readSavedConcepts } from './ownLabels';
import type { ConceptTestRequest } from './testConcepts';

/** As tests of before settings were kept had them. */
const FIRST_SETTINGS: TestSettings = { neurons: 10, layers: null, strict: false };

/**
 * The request of a test once more, from its results: the same concepts as they are found now, chosen and corrected in the
 * same way. A concept that is at hand no longer is left out, and `notice` is told why.
 * @param given concepts whose labels only the caller has
 */
export async function requestOfTest(
  asked: Omit<ConceptTestRequest, 'families' | keyof TestSettings>,
  results: Pick<ConceptResults, 'settings' | 'concepts'>,
  given: readonly OwnConcept[],
  notice: (sentence: string) => void,
  signal: AbortSignal,
): Promise<ConceptTestRequest> {
  const { folder } = asked;
  const tested = new Set(results.concepts.map(({ name }) => name));
  const saved = await readSavedConcepts(folder, notice, signal);
  const known = [...saved.concepts, ...given].filter(({ name }) => tested.has(name));
  const names = new Set(known.map(({ name }) => name));
  const asks = results.concepts.filter(({ name, family }) => family === 'own' && !names.has(name));
  const read: OwnConcept[] = [];
  for (const concept of asks) read.push(...(await conceptOfResult(folder, concept, notice, signal)));
  return {
    ...asked,
    ...(results.settings ?? FIRST_SETTINGS),
    families: (files, chatTemplate) => {
      const starter = starterSet(files, chatTemplate);
      const all = withOwn(
        new OwnFamily(withoutTaken([...known, ...read], starter, notice), saved.exceptions),
        starter,
      );
      const there = all.flatMap(({ concepts }) => concepts.map(({ name }) => name));
      return onlyConcepts(
        all,
        there.filter((name) => tested.has(name)),
      );
    },
  };
}

/** A concept that was asked for on the command line, from what its result says that it was found by. */
async function conceptOfResult(
  folder: string,
  { name, source, pattern }: ConceptResult,
  notice: (sentence: string) => void,
  signal: AbortSignal,
): Promise<OwnConcept[]> {
  if (pattern === undefined) return [];
  if (source === 'regex') return [{ kind: 'regex', name, pattern }];
  if (source === 'words') return [{ kind: 'words', name, words: pattern.split(', ') }];
  try {
    const read = await readOwnLabels(folder, pattern, notice, signal);
    return read.filter((concept) => concept.name === name);
  } catch (thrown) {
    signal.throwIfAborted();
    notice(`"${name}" is left out: ${toLensError(thrown).message}`);
    return [];
  }
}
