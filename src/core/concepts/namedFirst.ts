import type { ConceptFamily } from './concept';
import type { ConceptResults, NeuronName } from './conceptResults';
import { strengthOf } from './statistics/auroc';

/** What lists are called that are ranked so. */
export const BY_NAME = 'name';

/** What goes with where a token stands, and not with what it is, comes after the rest. */
const LATER: ReadonlySet<ConceptFamily> = new Set(['place', 'documents']);

interface Named<Row> {
  readonly row: Row;
  readonly name: NeuronName;
}

/**
 * Neurons in the order in which a reader meets them first: of each concept its surest neuron, families of concepts in
 * turn, so that the first ten are no ten of one kind; then the others with a name, the surest first; then the rest as
 * they were.
 * @param results null where no concepts were tested
 */
export function namedFirst<Row extends { readonly id: string }>(
  rows: readonly Row[],
  results: Pick<ConceptResults, 'names' | 'concepts'> | null,
): Row[] {
  if (!results) return [...rows];
  const surestFirst = rows
    .flatMap((row) => (Object.hasOwn(results.names, row.id) ? [{ row, name: results.names[row.id]! }] : []))
    .sort((a, b) => strengthOf(b.name.auroc) - strengthOf(a.name.auroc));
  const inTurn = familiesInTurn(leadersOf(surestFirst), results);
  return [...new Set([...inTurn, ...surestFirst].map(({ row }) => row).concat(rows))];
}

/** @returns the first of each concept */
function leadersOf<Row>(surestFirst: readonly Named<Row>[]): Named<Row>[] {
  const seen = new Set<string>();
  return surestFirst.filter(({ name: { concept } }) => !seen.has(concept) && seen.add(concept));
}

/** The surest of each family, then the second of each, and so on; families in the order of their surest. */
function familiesInTurn<Row>(
  surestFirst: readonly Named<Row>[],
  { concepts }: Pick<ConceptResults, 'concepts'>,
): Named<Row>[] {
  const familyOf = new Map(concepts.map(({ name, family }) => [name, family]));
  const rounds = new Map<ConceptFamily | undefined, number>();
  const placed = surestFirst.map((named) => {
    const family = familyOf.get(named.name.concept);
    const round = rounds.get(family) ?? 0;
    rounds.set(family, round + 1);
    return { named, round, later: Number(family !== undefined && LATER.has(family)) };
  });
  return placed.sort((a, b) => a.later - b.later || a.round - b.round).map(({ named }) => named);
}
