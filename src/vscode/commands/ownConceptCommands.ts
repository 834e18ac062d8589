import { Position, Range, Uri, window, type Disposable } from 'vscode';
import { formatCount } from '../../core/common/numberFormat';
import type { MarkKind } from '../../core/concepts/own/editConceptsFile';
import type { WrongLabel } from '../concepts/keepException';
import { runConceptTest } from '../concepts/runConceptTest';
import type { Services } from '../lens';
import { registerFor } from '../showError';
import { tell } from '../surfaces/messages';
import type { ConceptLine } from '../views/conceptLines';

type OwnConceptServices = Services<'context' | 'log' | 'engine' | 'current' | 'tests'>;

/** The reader's own concepts: made from what is selected or from a rule, and edited by hand. */
export function activateOwnConceptCommands(lens: OwnConceptServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('addConceptExample', () => addSelection(lens, 'examples')),
    register('addConceptCounterExample', () => addSelection(lens, 'counterExamples')),
    register('newConcept', () => newConcept(lens)),
    register('keepException', async (wrong: WrongLabel) => {
      const { keepException } = await import('../concepts/ownConceptTools');
      return keepException(lens, wrong);
    }),
    register('editConcepts', (line?: ConceptLine) => editConcepts(lens, line)),
  ];
}

async function addSelection(lens: OwnConceptServices, kind: MarkKind): Promise<void> {
  const { markSelection } = await import('../concepts/ownConceptTools');
  const marked = await markSelection(lens, kind);
  if (!marked) return;
  const { concept, places, home } = marked;
  const what = kind === 'examples' ? 'example' : 'counter-example';
  const count = places === 1 ? `1 ${what}` : `${formatCount(places)} ${what}s`;
  await offerTest(lens, `Kept ${count} of "${concept}".`, home.path);
}

async function newConcept(lens: OwnConceptServices): Promise<void> {
  const { addConcept, askForConcept, editConcepts, homeOf, namesIn, readConceptsText } =
    await import('../concepts/ownConceptTools');
  const home = homeOf(lens, null);
  const taken = namesIn((await readConceptsText(home)) ?? '');
  const asked = await askForConcept(home, taken, lens.context.asAbsolutePath('dist/language.cjs'));
  if (!asked) return;
  await editConcepts(home, (text) => addConcept(text, asked.name, asked.definition));
  await offerTest(lens, `Kept the concept "${asked.name}".`, home.path);
}

/** @param line what is to be edited; the whole file if not given. */
async function editConcepts(lens: OwnConceptServices, line?: ConceptLine): Promise<void> {
  const { editConcepts, homeOf, readConceptsFile, readConceptsText, withConcepts } =
    await import('../concepts/ownConceptTools');
  const home = homeOf(lens, null);
  const text = await readConceptsText(home);
  if (text === null) await editConcepts(home, withConcepts);
  const found = text === null ? [] : readConceptsFile(text).concepts;
  const at =
    line?.state.kind === 'tested' ? found.find(({ name }) => name === line.label)?.line : line?.state.line;
  const start = new Position((at ?? 1) - 1, 0);
  await window.showTextDocument(Uri.file(home.path), { selection: new Range(start, start) });
}

async function offerTest(lens: OwnConceptServices, done: string, path: string): Promise<void> {
  const [test, edit] = ['Test Concepts', 'Edit Concepts'];
  const chosen = await tell(done, ...(lens.current.entry ? [test] : []), edit);
  if (chosen === edit) await window.showTextDocument(Uri.file(path));
  if (chosen === test && lens.current.entry) await runConceptTest(lens, lens.current.entry);
}
