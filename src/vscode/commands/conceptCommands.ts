import type { Disposable } from 'vscode';
import { LensError } from '../../core/common/errors';
import { runConceptTest } from '../concepts/runConceptTest';
import type { Services } from '../lens';
import type { ProfileEntry } from '../profiles/profileEntry';
import type { ProfiledConcept } from '../profiles/testedConcepts';
import { registerFor } from '../showError';
import { pick, type PickLine } from '../surfaces/picks';
import { conceptLines, type ConceptLine } from '../views/conceptLines';
import type { ProfileNode } from '../views/nodes';

type ConceptServices = Services<
  'context' | 'log' | 'engine' | 'current' | 'tests' | 'concepts' | 'conceptPages'
>;

/** Testing concepts on a profile, stopping it, and opening what was found. */
export function activateConceptCommands(lens: ConceptServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('testConcepts', async (node?: ProfileNode) => {
      await runConceptTest(lens, node?.kind === 'profile' ? node.entry : profileOf(lens));
    }),
    register('testConcept', async (line?: ConceptLine) => {
      const entry = profileOf(lens);
      const name = line?.label ?? (await pickOwn(lens));
      if (name !== null) await runConceptTest(lens, entry, [name]);
    }),
    register('stopConcepts', () => lens.tests.cancel()),
    register('openConcept', async (target?: ProfiledConcept) => {
      const concept = target ?? (await pickConcept(lens));
      if (concept) lens.conceptPages.show(concept);
    }),
  ];
}

/** @throws LensError where no profile is chosen */
function profileOf({ current }: ConceptServices): ProfileEntry {
  if (current.entry) return current.entry;
  throw new LensError(
    'usage',
    'Concepts are tested on a profile, and there is none yet. Profile some text first.',
  );
}

/** Lets the reader pick a concept of concepts.json. @throws LensError where there is none */
async function pickOwn(lens: ConceptServices): Promise<string | null> {
  const { homeOf, namesIn, readConceptsText } = await import('../concepts/ownConceptTools');
  const names = namesIn((await readConceptsText(homeOf(lens, null))) ?? '');
  if (names.length === 0) {
    throw new LensError('usage', 'There is no concept of yours yet. Choose "New Concept…" first.');
  }
  const picked = await pick(
    names.map((name) => ({ label: name, icon: 'tag', name })),
    { title: 'Test a concept of yours' },
  );
  return picked && picked.name;
}

/** Lets the reader pick a concept of the current profile, by family. @throws LensError where none were tested */
async function pickConcept({ current, concepts }: ConceptServices): Promise<ProfiledConcept | null> {
  const { entry } = current;
  const results = entry && (await concepts.of(entry.folder));
  if (!results) {
    throw new LensError(
      'usage',
      `${entry ? `No concepts were tested on ${entry.name} yet` : 'There is no profile yet'}. Run "Test Concepts…" on a profile first.`,
    );
  }
  const lines = conceptLines(results).flatMap(({ label, concepts: own }): PickLine[] => [
    { label, isHead: true },
    ...own.map(({ label: name, description, icon }) => ({ label: name, description, icon })),
  ]);
  const picked = await pick(lines, { title: `Concepts tested on ${entry.name}` });
  return picked && { profile: entry.folder, profileName: entry.name, concept: picked.label };
}
