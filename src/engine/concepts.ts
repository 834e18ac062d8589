import type { ConceptsOutcome, ConceptsProgress, ConceptsRequest } from '../protocol/engine';
import type { CallContext } from '../protocol/rpc';

/** Milliseconds between two reports of one step, at the least. */
const REPORT_INTERVAL = 250;
/** Neurons that each order chooses for a concept, as on the command line. */
const CHOSEN = 10;

/** What a test needs besides the request. */
export interface TestFacts {
  readonly embeddedModel: string;
  /** Path of the bundled languageWorker.ts. */
  readonly languageProgram: string;
  readonly betweenBatches: () => Promise<void>;
}

/**
 * Tests the starter set of concepts on a profile and those that the corpus's folder keeps, as the command line does, and
 * those whose labels the editor sends. One with a fault is left out with a sentence.
 * @throws LensError as `testConcepts` does
 */
export async function concepts(
  request: ConceptsRequest,
  { signal, progress }: CallContext<ConceptsProgress>,
  facts: TestFacts,
): Promise<ConceptsOutcome> {
  const { profile: folder, model, dtype, threads, only, labels = [] } = request;
  const { sources = ['starter', 'own'] } = request;
  const [
    { testConcepts },
    { starterSet },
    { OwnFamily, withOwn, withoutTaken },
    { conceptOfLabels },
    { readSavedConcepts },
    { changedFilesSentence },
    { leftOutSentence },
  ] = await Promise.all([
    import('../runtime/profiling/testConcepts'),
    import('../core/concepts/labels/starterSet'),
    import('../core/concepts/own/ownFamily'),
    import('../core/concepts/own/textLabels'),
    import('../runtime/profiling/ownLabels'),
    import('../runtime/profiling/labelledFiles'),
    import('../core/concepts/conceptResults'),
  ]);
  const notices: string[] = [];
  const notice = (sentence: string) => notices.push(sentence);
  const read = sources.includes('own')
    ? await readSavedConcepts(folder, notice, signal)
    : { concepts: [], exceptions: [], faults: [] };
  read.faults.forEach(({ message }) => notice(message));
  const changed = await changedFilesSentence(folder, read.concepts);
  if (changed !== null) notice(changed);
  let own = new OwnFamily([]);
  const results = await testConcepts(
    {
      ...facts,
      ...{ folder, model, layers: null, neurons: CHOSEN, strict: false },
      families: (files, chatTemplate) => {
        const starter = sources.includes('starter') ? starterSet(files, chatTemplate) : [];
        const asked = [...read.concepts, ...labels.map(conceptOfLabels)];
        own = new OwnFamily(withoutTaken(asked, starter, notice), read.exceptions);
        return withOwn(own, starter);
      },
      ...(only && { again: only }),
      ...(dtype !== undefined && { dtype }),
      ...(threads !== null && { threads }),
    },
    reportSteps(progress),
    signal,
  );
  own.misalignedSentences().forEach(notice);
  const leftOut = leftOutSentence(results);
  if (leftOut !== null) notice(leftOut);
  const refused = results.concepts.filter((concept) => concept.refused !== null).length;
  return {
    tested: results.concepts.length - refused,
    refused,
    named: results.named.neurons,
    neurons: results.named.of,
    partial: results.partial === true,
    notices,
  };
}

/** Passes on how far a test is: every step's beginning, then one report in a while. */
export function reportSteps(
  progress: (progress: ConceptsProgress) => void,
): (progress: ConceptsProgress) => void {
  let reported = { step: '', time: 0 };
  return ({ step, done, total }) => {
    const time = performance.now();
    if (step === reported.step && time - reported.time < REPORT_INTERVAL) return;
    reported = { step, time };
    progress({ step, done, total });
  };
}
