import { selfTestOf, type SelfTest } from '../../src/core/common/selfTest';
import type { Example, NeuronPage } from '../../src/core/profile/neuronPage';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import type { NeuronMessage, SelectionMessage } from '../../src/protocol/webview';
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

const preferences = { language: 'en-GB', singleKeyShortcuts: true };
const profile = { id: 'file:///profiles/docs', name: 'Workspace docs' };

/** The made-up page of the fixtures. */
export const samplePage = neuronPage as unknown as NeuronPage;
export const sampleAnswer = selectionAnswer as unknown as SelectionAnswer;

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
export const realPage = realNeuronPage as unknown as NeuronPage;

/** What the host says to show a neuron. */
export function neuronMessage(
  page: NeuronPage = samplePage,
  more: Partial<NeuronMessage> = {},
): NeuronMessage {
  return {
    v: 1,
    type: 'neuron',
    profile,
    page,
    seenShare: null,
    changedFiles: ['CHANGELOG.md', 'docs/plan.md'],
    missingFiles: [],
    pinned: false,
    canResume: false,
    preferences,
    ...more,
  };
}

/** What the host says to show the neurons of a selection. */
export function selectionMessage(answer: SelectionAnswer = sampleAnswer): SelectionMessage {
  return { v: 1, type: 'selection', profile, answer, pinnedNeurons: ['L5.N90'], preferences };
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
