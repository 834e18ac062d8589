import * as v from 'valibot';
import type { EffectAnswer } from '../../src/core/cause/effectAnswer';
import { selfTestOf, type SelfTest } from '../../src/core/common/selfTest';
import type { ConceptRow, NamedNeuronPage, NeuronMeaning } from '../../src/core/concepts/neuronMeaning';
import type { Example, ExampleLists } from '../../src/core/profile/neuronPage';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import { effectAnswerSchema } from '../../src/protocol/headAnswerSchemas';
import { neuronPageSchema } from '../../src/protocol/neuronPageSchema';
import type { ShownNeuron } from '../../src/protocol/pages/neuron';
import type { ShownSelection } from '../../src/protocol/pages/selection';
import { allExamples } from '../../webview/neuron/examples/exampleLists';
import effect from '../fixtures/webview/effect.json';
import neuronPage from '../fixtures/webview/neuronPage.json';
import realNeuronPage from '../fixtures/webview/realPage.json';
import selectionAnswer from '../fixtures/webview/selectionAnswer.json';

/** What browsers and editors call their language, right or not, and a date as it is then shown. */
export const LANGUAGES: readonly [language: string, date: RegExp][] = [
  ['en-US@posix', /Nov 22, 2026/],
  ['C', /Nov 22, 2026/],
  ['POSIX', /Nov 22, 2026/],
  ['', /Nov 22, 2026/],
  ['not a language', /Nov 22, 2026/],
  ['tr-TR', /22 Kas 2026/],
  ['ar-EG', /٢٠٢٦/],
];

const profile = { id: 'file:///profiles/docs', name: 'Workspace docs' };

/** The made-up page of the fixtures. */
export const samplePage: NamedNeuronPage = {
  ...v.parse(neuronPageSchema, neuronPage),
  ...{ conceptTests: null, name: null, concepts: [] },
};

const sampleConcept = {
  ...{
    family: 'enclosure' as const,
    share: 0.0034,
    id: 'L3.N652',
    threshold: 1.45,
    precision: 0.88,
    recall: 0.79,
  },
  ...{ auroc: 0.981, low: 0.974, high: 0.987, ap: 0.84, precisionTop1: 0.32, meanDifference: 5.9 },
  ...{ selectivity: 0.32, q: 1e-9, named: true, under: null as string | null },
} satisfies Partial<ConceptRow>;

/** What concepts say of the made-up neuron: a name, one nested with it, one of low values, one that fails. */
export const sampleMeaning: NeuronMeaning = {
  conceptTests: { tested: 26, refused: 54 },
  name: { concept: 'numbers with a unit', auroc: 0.981, ap: 0.84 },
  concepts: [
    { ...sampleConcept, name: 'numbers with a unit' },
    {
      ...sampleConcept,
      name: 'digits',
      auroc: 0.902,
      low: 0.888,
      high: 0.915,
      ap: 0.52,
      under: 'numbers with a unit',
    },
    { ...sampleConcept, name: 'times of day', auroc: 0.121, low: 0.098, high: 0.149, ap: 0.47, named: false },
    {
      ...sampleConcept,
      name: 'nouns',
      auroc: 0.535,
      low: 0.498,
      high: 0.571,
      ap: 0.31,
      selectivity: -0.11,
      q: 0.18,
      named: false,
    },
  ],
};
export const sampleAnswer = selectionAnswer as unknown as SelectionAnswer;

/** What `effect --json` printed for a neuron of the embedded model (fixtures/webview/README.md). */
export const realEffect: EffectAnswer = v.parse(effectAnswerSchema, effect);

/** A self-test that found a layer off, and could not look at another. */
export const failedSelfTest: SelfTest = selfTestOf([
  { site: 'L0', largestDifference: 2.9e-6, allowed: 7e-4, peak: 6, reason: null },
  { site: 'L15', largestDifference: 0.31, allowed: 7e-4, peak: 6, reason: null },
  {
    site: 'L29',
    largestDifference: null,
    allowed: null,
    peak: null,
    reason: 'its weights are packed or rounded',
  },
]);

/** What `neuron --json` printed for a real profile (fixtures/webview/makeFixtures.py). */
export const realPage: NamedNeuronPage = {
  ...v.parse(neuronPageSchema, realNeuronPage),
  ...{ conceptTests: null, name: null, concepts: [] },
};

/** What the host of a test has to say: its answers by call, and what it tells unasked. */
export interface HostWords {
  /** Told as what there is to show. */
  readonly subject: string;
  /** Answers by call; a wish needs none. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The page whose examples are asked for list by list. */
  readonly whole?: NamedNeuronPage;
  readonly pinned: readonly string[];
  readonly reader: { readonly language: string; readonly singleKeyShortcuts: boolean };
}

interface NeuronSituation extends Partial<Pick<ShownNeuron, 'profile' | 'seenShare' | 'canResume'>> {
  readonly pinned?: boolean;
  readonly missingFiles?: readonly string[];
  /** What the neuron does to the output; its model has no head where it is not given. */
  readonly effect?: EffectAnswer;
  readonly singleKeyShortcuts?: boolean;
  readonly language?: string;
}

/** What the host says of a neuron. */
export function neuronMessage(given: NamedNeuronPage = samplePage, more: NeuronSituation = {}): HostWords {
  const { missingFiles = [], pinned = false, singleKeyShortcuts = true, effect, ...others } = more;
  const { language = 'en-GB', ...situation } = others;
  const page = withoutFiles(given, missingFiles);
  const { examples, conceptTests, name, concepts, ...facts } = page;
  const shown: ShownNeuron = {
    profile,
    facts,
    meaning: { conceptTests, name, concepts },
    stored: allExamples(examples)
      .map(({ value }) => value)
      .reverse(),
    examples: {},
    seenShare: null,
    canResume: false,
    ...situation,
  };
  return {
    subject: page.neuron.id,
    answers: { neuron: shown, ...(effect && { effect }) },
    whole: page,
    pinned: pinned ? [page.neuron.id] : [],
    reader: { language, singleKeyShortcuts },
  };
}

const { strongestTokens } = samplePage;
const selectionTokens = { 'L3.N652': [...strongestTokens], 'L5.N90': strongestTokens.slice(0, 1) };

/** What the host says of a selection. */
export function selectionMessage(
  answer: SelectionAnswer = sampleAnswer,
  meanings: ShownSelection['meanings'] = null,
): HostWords {
  const selection: ShownSelection = { profile, answer, meanings, tokens: selectionTokens };
  return {
    subject: 'Selection',
    answers: { selection },
    pinned: ['L5.N90'],
    reader: { language: 'en-GB', singleKeyShortcuts: true },
  };
}

/** A page whose examples in some files are of files that are gone. */
function withoutFiles(page: NamedNeuronPage, files: readonly string[]): NamedNeuronPage {
  const mark = (examples: readonly Example[]): Example[] =>
    examples.map((example) =>
      files.includes(example.file) ? { ...example, stale: true, missing: true } : example,
    );
  const { top, bottom, bands, random } = page.examples;
  const examples: ExampleLists = {
    top: mark(top),
    bottom: mark(bottom),
    bands: bands.map((band) => ({ ...band, examples: mark(band.examples) })),
    random: mark(random),
  };
  return { ...page, examples };
}

/** An example from tokens and their values; the ranked one by its index. */
export function exampleOf(
  tokens: readonly string[],
  values: readonly (number | null)[],
  peak: number,
  more: Partial<Example> = {},
): Example {
  let at = 0;
  const placed = tokens.map((text, index) => {
    const start = at;
    at += text.length;
    return { start, end: at, value: values[index] ?? null };
  });
  return {
    value: values[peak] ?? 0,
    percentile: 99.9,
    file: 'docs/example.md',
    record: null,
    start: placed[peak]!.start,
    end: placed[peak]!.end,
    line: 1,
    column: placed[peak]!.start + 1,
    token: tokens[peak]!,
    tokenId: 1,
    context: { start: 0, end: at, text: tokens.join(''), tokens: placed },
    duplicates: 0,
    stale: false,
    missing: false,
    ...more,
  };
}
