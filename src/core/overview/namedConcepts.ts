import { FAMILIES, type ConceptFamily } from '../concepts/concept';
import type { ConceptResults } from '../concepts/conceptResults';
import type { ConceptControl } from '../concepts/controls/conceptControl';
import type { LayeredRows } from './layeredRows';

/** What the concepts of a family gave. */
export interface NamedFamily {
  readonly family: ConceptFamily;
  /** Concepts with figures. */
  readonly tested: number;
  /** Those of them that name a neuron. */
  readonly withNeuron: number;
  /** Neurons that carry one of their names. */
  readonly neurons: number;
}

/** The names that neurons carry, counted. */
export interface NamedOverview {
  /** Concepts with figures, and those that had too little to measure. */
  readonly tested: number;
  readonly refused: number;
  /** The run was stopped before it had measured all concepts. */
  readonly partial: boolean;
  /** Neurons with a name, of those tested. */
  readonly named: ConceptResults['named'];
  /** The same with shuffled weights; null where that control was not made. */
  readonly shuffled: ConceptResults['named'] | null;
  /** Neurons with a name by layer, in the order of the overview's layers. */
  readonly byLayer: readonly number[];
  readonly families: readonly NamedFamily[];
}

/** Counts names by layer and by family, families without a concept that was measured left out. */
export function namedOverviewOf(
  table: LayeredRows,
  { concepts, names, named, partial }: ConceptResults,
  controls: readonly Pick<ConceptControl, 'control' | 'named'>[],
): NamedOverview {
  const measured = concepts.filter(({ refused }) => refused === null);
  const carried = Object.values(names).map(({ concept }) => concept);
  const rows = Object.keys(names).flatMap((id) => table.rowOf(id) ?? []);
  return {
    tested: measured.length,
    refused: concepts.length - measured.length,
    partial: partial === true,
    named,
    shuffled: controls.find(({ control }) => control === 'shuffled')?.named ?? null,
    byLayer: table.layers.map(
      ({ rows: runs }) => rows.filter((row) => runs.some(([first, end]) => row >= first && row < end)).length,
    ),
    families: FAMILIES.flatMap((family) => {
      const own = new Set(measured.filter((one) => one.family === family).map(({ name }) => name));
      const used = carried.filter((name) => own.has(name));
      return own.size === 0
        ? []
        : [{ family, tested: own.size, withNeuron: new Set(used).size, neurons: used.length }];
    }),
  };
}
