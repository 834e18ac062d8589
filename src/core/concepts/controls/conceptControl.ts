import { inOneLine } from '../../common/foreignText';
import { formatCount, formatDuration } from '../../common/numberFormat';
import type { Manifest } from '../../profile/manifest';
import type { ConceptResult, ConceptResults, ControlWinner } from '../conceptResults';

/** The controls that a model and its profile have by themselves; any other is a further profile of the model. */
export const OWN_CONTROLS = ['shuffled', 'embedding'] as const;
export type OwnControl = (typeof OWN_CONTROLS)[number];

/** What a control made of one concept. */
export interface ControlledConcept {
  readonly name: string;
  readonly refused: string | null;
  /** Its best neuron there: chosen on half A, figures of half B. */
  readonly neuron: ControlWinner | null;
  /** AUROC of that neuron's whole layer. */
  readonly whole: number | null;
  /** On another corpus, AUROC of the neuron that was best on the first, where it is among those chosen there. */
  readonly same: number | null;
}

/** The same concepts tested where what a neuron has learnt can play no part, or on other texts. */
export interface ConceptControl {
  /** `shuffled`, `embedding`, or the folder of the other profile. */
  readonly control: string;
  readonly created: string;
  /** When the test that it stands beside was made: beside any other it means nothing. */
  readonly test: string;
  readonly named: ConceptResults['named'];
  /** Those of the test, in its order. */
  readonly concepts: readonly ControlledConcept[];
}

/** What a control made of one concept, for its page, and how many neurons it names in all. */
export type ControlOfConcept = Pick<ConceptControl, 'control' | 'named'> & ControlledConcept;

/** What readers call the controls of the model itself. */
const OWN_NAMES: Readonly<Record<OwnControl, string>> = {
  shuffled: 'Shuffled weights',
  embedding: 'Token embedding alone',
};

/** What readers call a control: another profile by the last part of its folder. */
export function controlName(control: string): string {
  const own = OWN_CONTROLS.find((one) => one === control);
  return own ? OWN_NAMES[own] : (/[^/\\]+(?=[/\\]*$)/.exec(control)?.[0] ?? control);
}

/** The profile whose texts a control is made on; null where they are the test's own. */
export function otherCorpus(control: string): string | null {
  return OWN_CONTROLS.some((own) => own === control) ? null : control;
}

/**
 * What a test that was run as a control says beside the original. On the same texts a concept that has other labels there
 * than in the original, as its definition has changed since, is no control of it.
 */
export function controlOf(control: string, original: ConceptResults, there: ConceptResults): ConceptControl {
  const isSameTexts = otherCorpus(control) === null;
  const found = new Map(there.concepts.map((concept) => [concept.name, concept]));
  return {
    control,
    created: there.created,
    test: original.created,
    named: there.named,
    concepts: original.concepts.map((concept) => {
      const counterpart = found.get(concept.name);
      if (!counterpart) return without(concept, 'its labels are not at hand any more');
      if (isSameTexts && !haveSameLabels(concept, counterpart))
        return without(concept, 'it has other labels now than in the test. Test concepts again');
      return beside(concept, counterpart, isSameTexts);
    }),
  };
}

function without({ name }: ConceptResult, refused: string): ControlledConcept {
  return { name, refused, neuron: null, whole: null, same: null };
}

function beside(
  { name, neurons: [bestHere] }: ConceptResult,
  { refused, neurons, many }: ConceptResult,
  isSameTexts: boolean,
): ControlledConcept {
  const [best] = neurons;
  const same = isSameTexts ? undefined : neurons.find(({ id }) => id === bestHere?.id);
  return {
    name,
    refused,
    neuron: best ? { id: best.id, auroc: best.auroc, low: best.low, high: best.high } : null,
    whole: many?.whole?.auroc ?? null,
    same: same?.auroc ?? null,
  };
}

function haveSameLabels(one: ConceptResult, other: ConceptResult): boolean {
  return (
    one.pattern === other.pattern &&
    (['positives', 'documents'] as const).every(
      (counts) => one[counts].a === other[counts].a && one[counts].b === other[counts].b,
    )
  );
}

/** How many neurons a control names, which is what the names of the test are to be held against. */
export function controlSentence({ control, named }: Pick<ConceptControl, 'control' | 'named'>): string {
  const share = `${formatCount(named.neurons)} of ${formatCount(named.of)}`;
  if (control === 'shuffled') return `With shuffled weights ${share} neurons would carry a name.`;
  if (control === 'embedding') return `Of the token embedding alone ${share} dimensions would carry a name.`;
  return `On ${inOneLine(control)} ${share} neurons carry a name.`;
}

/** How many neurons carry a name, and how many would where nothing was learnt, as far as that was tested. */
export function namesSentence(
  { named }: Pick<ConceptResults, 'named'>,
  controls: readonly Pick<ConceptControl, 'control' | 'named'>[],
): string {
  const carry = `${formatCount(named.neurons)} of ${formatCount(named.of)} neurons carry a name`;
  const shuffled = controls.find(({ control }) => control === 'shuffled');
  return shuffled
    ? `${carry}; with shuffled weights ${formatCount(shuffled.named.neurons)} would.`
    : `${carry}.`;
}

/** What the cost of a control is judged by. */
type Profiled = Pick<Manifest, 'seconds'> & { readonly corpus: Pick<Manifest['corpus'], 'tokens'> };

/**
 * What a control will take, by what its test took: `about 2 min 03 s`; null where that is not known. One on the test's own texts
 * makes a profile first; one of the token embedding runs no model.
 * @param elsewhere the profile that it is made on, where that is another
 */
export function controlCost(
  control: OwnControl | 'profile',
  { seconds }: Pick<ConceptResults, 'seconds'>,
  profile: Profiled,
  elsewhere?: Profiled,
): string | null {
  if (seconds === undefined) return null;
  const whole = elsewhere
    ? (seconds * elsewhere.corpus.tokens) / profile.corpus.tokens
    : seconds + profile.seconds;
  return `${control === 'embedding' ? 'at most' : 'about'} ${formatDuration(whole)}`;
}
