import type { ConceptsOutcome, ConceptsProgress, ConceptsRequest } from '../protocol/engine';
import type { CallContext } from '../protocol/rpc';

/** Milliseconds between two reports of one step, at the least. */
const REPORT_INTERVAL = 250;
/** Neurons that each order chooses for a concept, as on the command line. */
const CHOSEN = 10;

/** What a test needs besides the request. */
interface EngineFacts {
  readonly embeddedModel: string;
  /** Path of the bundled languageWorker.ts. */
  readonly languageProgram: string;
  readonly betweenBatches: () => Promise<void>;
}

/**
 * Tests the starter set of concepts on a profile, as the command line does without further words.
 * @throws LensError as `testConcepts` does
 */
export async function concepts(
  { profile: folder, model, dtype, threads }: ConceptsRequest,
  { signal, progress }: CallContext<ConceptsProgress>,
  facts: EngineFacts,
): Promise<ConceptsOutcome> {
  const [{ testConcepts }, { starterSet }] = await Promise.all([
    import('../runtime/profiling/testConcepts'),
    import('../core/concepts/labels/starterSet'),
  ]);
  let reported = { step: '', time: 0 };
  const results = await testConcepts(
    {
      ...facts,
      ...{ folder, model, layers: null, neurons: CHOSEN, strict: false, families: starterSet },
      ...(dtype !== undefined && { dtype }),
      ...(threads !== null && { threads }),
    },
    ({ step, done, total }) => {
      const time = performance.now();
      if (step === reported.step && time - reported.time < REPORT_INTERVAL) return;
      reported = { step, time };
      progress({ step, done, total });
    },
    signal,
  );
  const refused = results.concepts.filter((concept) => concept.refused !== null).length;
  return {
    tested: results.concepts.length - refused,
    refused,
    named: results.named.neurons,
    neurons: results.named.of,
  };
}
