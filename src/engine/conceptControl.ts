import { LensError } from '../core/common/errors';
import type { ConceptsProgress, ControlOutcome, ControlRequest } from '../protocol/engine';
import type { CallContext } from '../protocol/rpc';
import { reportSteps, type TestFacts } from './concepts';

/**
 * Makes a control of the concepts that were tested on a profile, all of them at once, and keeps it beside the test.
 * @throws LensError `not-found` where none were tested, else as `testControl` and `keepFolderControl` do
 */
export async function conceptControl(
  request: ControlRequest,
  { signal, progress }: CallContext<ConceptsProgress>,
  facts: TestFacts,
): Promise<ControlOutcome> {
  const { profile: folder, control, model, dtype, threads, labels = [] } = request;
  const [
    { readFolderConcepts },
    { findProfile },
    { keepFolderControl, testControl },
    { requestOfTest },
    { conceptOfLabels },
  ] = await Promise.all([
    import('../runtime/profiles/readFolderConcepts'),
    import('../runtime/profiles/settleFolder'),
    import('../runtime/profiling/conceptControls'),
    import('../runtime/profiling/repeatedTest'),
    import('../core/concepts/own/textLabels'),
  ]);
  const manifest = await findProfile(folder);
  const results = manifest && (await readFolderConcepts(folder, manifest));
  if (!results) {
    throw new LensError(
      'not-found',
      'No concepts were tested on the profile yet. Run "Test Concepts…" first.',
    );
  }
  const notices: string[] = [];
  const asked = await requestOfTest(
    {
      ...facts,
      ...{ folder, model },
      ...(dtype !== undefined && { dtype }),
      ...(threads !== null && { threads }),
    },
    results,
    labels.map(conceptOfLabels),
    (sentence) => notices.push(sentence),
    signal,
  );
  const made = await testControl(control, asked, results, reportSteps(progress), signal);
  await keepFolderControl(folder, made);
  const { named, concepts } = made;
  const tested = concepts.filter(({ refused }) => refused === null).length;
  return { control: made.control, named, tested, refused: concepts.length - tested, notices };
}
