import { formatCount } from '../../core/common/numberFormat';
import { FAMILY_NAMES } from '../../core/concepts/concept';
import type { ConceptsFile, SavedConcept } from '../../core/concepts/own/conceptsFile';
import type { ConceptLine, FamilyLines } from './conceptLines';

/**
 * The families with what concepts.json has beyond them: concepts that no test tells of yet, and what is wrong in it.
 * @param file null where there is none.
 */
export function withUntested(families: readonly FamilyLines[], file: ConceptsFile | null): FamilyLines[] {
  const tested = new Set(families.flatMap(({ concepts }) => concepts.map(({ label }) => label)));
  const untested = (file?.concepts ?? []).filter(({ name }) => !tested.has(name)).map(untestedLine);
  const faults = (file?.faults ?? []).map(({ line, reason }): ConceptLine => ({
    ...{ label: 'concepts.json', description: `line ${line}: ${reason}`, tooltip: [reason] },
    ...{ icon: 'warning', state: { kind: 'fault', line } },
  }));
  const further = [...faults, ...untested];
  if (further.length === 0) return [...families];
  const count = untested.length > 0 ? [`${formatCount(untested.length)} not tested yet`] : [];
  const label = FAMILY_NAMES.own;
  const own = families.find((family) => family.label === label);
  return [
    {
      label,
      description: [...(own ? [own.description] : []), ...count].join(' · '),
      concepts: [...further, ...(own?.concepts ?? [])],
    },
    ...families.filter((family) => family !== own),
  ];
}

function untestedLine({ name, found, line, ...marked }: SavedConcept): ConceptLine {
  const places = (labels: SavedConcept['examples']) =>
    formatCount([...labels.values()].reduce((sum, { length }) => sum + length, 0));
  return {
    label: name,
    description: 'not tested yet',
    tooltip: [
      name,
      ...(found.by === 'regex' ? [found.pattern] : []),
      ...(found.by === 'words' ? [found.words.join(', ')] : []),
      ...(found.by === 'labels' ? [found.asked] : []),
      `${places(marked.examples)} examples, ${places(marked.counterExamples)} counter-examples`,
    ],
    icon: 'tag',
    state: { kind: 'untested', line },
  };
}
