import * as v from 'valibot';
import { ablationAnswerSchema } from '../../src/protocol/ablationAnswerSchema';
import { promptTokenSchema } from '../../src/protocol/ablationQuestionSchema';
import type { CorpusBackground, SteerSubject } from '../../src/protocol/pages/steer';
import { corpusAblationSchema } from '../../src/protocol/ablationRuns';
import recorded from '../fixtures/webview/ablations.json';
import recordedCorpus from '../fixtures/webview/corpusAblation.json';
import type { HostWords } from './messages';

const recordedRun = v.object({
  text: v.string(),
  neurons: v.array(v.string()),
  tokens: v.array(promptTokenSchema),
  answer: ablationAnswerSchema,
});

/** What `ablate --json` printed, with the tokens of its text (fixtures/webview/recordAblations.mjs). */
export const recordedAblations = v.parse(
  v.object({ next: recordedRun, mask: recordedRun, hidden: recordedRun }),
  recorded,
);

/** What it printed over a corpus with a profile and a concept (fixtures/webview/recordCorpusAblation.mjs). */
export const recordedCorpusAblation = v.parse(
  v.object({ neuron: v.string(), concept: v.string(), tokens: v.number(), answer: corpusAblationSchema }),
  recordedCorpus,
);

/** What a profile has for a run over its corpus: a name of the neuron, and another concept. */
export const corpusBackground: CorpusBackground = {
  ...{ tokens: 38_396, files: 12, tokensPerSecond: 2000 },
  ...{ concepts: ['numbers with a unit', recordedCorpusAblation.concept], own: 1 },
};

export type RecordedAblation = (typeof recordedAblations)['next'];

/** A page with a profile of the embedded model, opened for one neuron. */
export const steerSubject: SteerSubject = {
  asked: 7,
  model: { model: 'default', dtype: 'fp32' },
  profile: { id: '/profiles/docs', name: 'Workspace docs' },
  layers: ['L0', 'L1', 'L2', 'L3'].map((site) => ({ site, neurons: 768 })),
  prompt: null,
  neurons: ['L3.N341'],
};

/** What the host says: of the page itself, and of an ablation where it has one; without one the page waits for it. */
export function steerMessage(
  ran: RecordedAblation | null = recordedAblations.next,
  subject: Partial<SteerSubject> = {},
): HostWords {
  const { tokens, answer } = ran ?? {};
  return {
    subject: 'Ablate L3.N341',
    answers: {
      steer: { ...steerSubject, ...subject },
      strengths: [{ mean: 0.41, quantile: 9.8 }],
      corpus: corpusBackground,
      ...(tokens && { tokens, ablate: answer }),
    },
    pinned: ['L3.N341', 'L0.N251'],
    reader: { language: 'en-GB', singleKeyShortcuts: true },
  };
}
