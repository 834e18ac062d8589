import { formatAuroc, formatRatio, formatQ, formatSignedRatio } from '../common/numberFormat';
import type { NeuronPage } from '../profile/neuronPage';
import type { ReadingRule } from '../stats/finding';
import { tokenLine, type ShownToken } from '../stats/strongestTokens';
import type { ConceptNeuron, ConceptResult, ConceptResults, NeuronName } from './conceptResults';
import { strengthOf } from './statistics/auroc';
import { BARS } from './statistics/naming';

/** A neuron's figures for one of the concepts that it was chosen for. */
export type ConceptRow = ConceptNeuron & Pick<ConceptResult, 'name' | 'family' | 'share'>;

/** What the concepts say of one neuron: fields of `neuron --json` (docs/cli.md), the page and the report. */
export interface NeuronMeaning {
  /** How many concepts were tested on the profile and how many refused; null where none were tested. */
  readonly conceptTests: { readonly tested: number; readonly refused: number } | null;
  readonly name: NeuronName | null;
  /** The strongest first; concepts that it was not chosen for on half A have no figures. */
  readonly concepts: readonly ConceptRow[];
}

/** A neuron's page with what the concepts say of it. */
export type NamedNeuronPage = NeuronPage & NeuronMeaning;

/** What is said below the bars of a name (docs/methods.md, Names). */
export const NO_NAME = `no concept above ${BARS.auroc}`;

/** @param results null where no concepts were tested. */
export function meaningOf(results: ConceptResults | null, id: string): NeuronMeaning {
  if (!results) return { conceptTests: null, name: null, concepts: [] };
  const refused = results.concepts.filter((concept) => concept.refused !== null).length;
  const rows = results.concepts.flatMap(({ name, family, share, neurons }) =>
    neurons.filter((neuron) => neuron.id === id).map((neuron) => ({ name, family, share, ...neuron })),
  );
  return {
    conceptTests: { tested: results.concepts.length - refused, refused },
    name: nameOf(results, id),
    concepts: rows.sort((one, other) => strengthOf(other.auroc) - strengthOf(one.auroc)),
  };
}

/** The name of a neuron, if it has one. */
export function nameOf({ names }: Pick<ConceptResults, 'names'>, id: string): NeuronName | null {
  return (Object.hasOwn(names, id) ? names[id] : null) ?? null;
}

/** The one line that stands for a neuron: its name, or that there is none; null where no concepts were tested. */
export function likelyMeaning(results: ConceptResults | null, id: string): string | null {
  if (!results) return null;
  const name = nameOf(results, id);
  return name ? shortMeaning(name) : NO_NAME;
}

/** What a list with room for few words says of a neuron: its name, else its strongest tokens, else that it has no name. */
export function fewWords(
  results: ConceptResults | null,
  id: string,
  tokens: readonly ShownToken[],
): string | null {
  const name = results && nameOf(results, id);
  return name || tokens.length === 0 ? likelyMeaning(results, id) : tokenLine(tokens);
}

/** What a list with more room says of it: name and strongest tokens, as far as there are any. */
export function nameAndTokens(
  results: ConceptResults | null,
  id: string,
  tokens: readonly ShownToken[],
): readonly string[] {
  const name = results && nameOf(results, id);
  const words = [...(name ? [shortMeaning(name)] : []), ...(tokens.length > 0 ? [tokenLine(tokens)] : [])];
  return words.length > 0 || !results ? words : [NO_NAME];
}

/** `digits`; `digits (low values)` where it is the lowest values that go with it. */
export function shortMeaning({ concept, auroc }: NeuronName): string {
  return auroc < 0.5 ? `${concept} (low values)` : concept;
}

/** `digits (AUROC 0.981, AP 0.84)` */
export function nameText({ concept, ...figures }: NeuronName): string {
  return `${concept} (${nameFigures(figures)})`;
}

/** `AUROC 0.981, AP 0.84` */
export function nameFigures({ auroc, ap }: Pick<NeuronName, 'auroc' | 'ap'>): string {
  return `AUROC ${formatAuroc(auroc)}, AP ${formatRatio(ap)}`;
}

/** What comes before the concept in a sentence. */
export function goesWith({ auroc }: Pick<NeuronName, 'auroc'>): string {
  return auroc < 0.5 ? 'Its low values go with' : 'Goes with';
}

/** The rule of the sentence that gives a name, with the figures of the neuron's name or of its best concept. */
export function nameRules({ conceptTests, name, concepts }: NeuronMeaning): ReadingRule[] {
  if (!conceptTests) return [];
  const row = concepts.find((concept) => concept.name === name?.concept) ?? concepts[0];
  return [
    {
      rule: `name: on documents that took no part in the choice, AUROC > ${BARS.auroc} (or < ${formatRatio(1 - BARS.auroc)}), average precision ≥ ${BARS.ap}, selectivity > ${BARS.selectivity}, q < ${BARS.q}`,
      measured: row
        ? `${row.name}: ${nameFigures(row)}, selectivity ${formatSignedRatio(row.selectivity)}, q ${formatQ(row.q)}`
        : `among the best of none of ${conceptTests.tested} concepts`,
      holds: name !== null,
    },
  ];
}
