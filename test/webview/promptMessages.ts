import * as v from 'valibot';
import type { ShownAttribution, ShownComparison, ShownPrompts } from '../../src/protocol/pages/prompt';
import { attributionAnswerSchema } from '../../src/protocol/headAnswerSchemas';
import { promptsAnswerSchema } from '../../src/protocol/promptsAnswerSchema';
import recorded from '../fixtures/webview/prompts.json';
import type { HostWords } from './messages';

/** What the embedded model makes of two prompts (fixtures/webview/recordPrompts.mjs). */
export const recordedPrompts = v.parse(
  v.object({
    prompts: v.array(v.string()),
    compared: promptsAnswerSchema,
    attributed: attributionAnswerSchema,
  }),
  recorded,
);

const { compared, attributed } = recordedPrompts;

export const shownPrompts: ShownPrompts = {
  profile: { id: '/profiles/docs', name: 'Workspace docs' },
  model: { id: 'default', dtype: 'fp32' },
  prompts: recordedPrompts.prompts,
  neurons: [...compared.neurons],
};

/** The two prompts with a patch. */
export const shownComparison: ShownComparison = {
  answer: compared,
  ranges: compared.neurons.map(() => 4),
  meanings: Object.fromEntries(
    compared.neurons.map((id, at) => [id, at === 0 ? 'digits' : 'no concept above 0.8']),
  ),
  seconds: 0.0714,
};

export const shownAttribution: ShownAttribution = {
  answer: attributed,
  meanings: Object.fromEntries(attributed.neurons.map(({ id }) => [id, 'no concept above 0.8'])),
  seconds: 1.93,
};

/** How the host answers: patched and checked only where that is asked for. */
interface PromptAnswers {
  readonly prompts?: ShownPrompts;
  readonly comparison?: ShownComparison;
  readonly attribution?: ShownAttribution;
}

/** What the host says of prompts. */
export function promptMessage({
  prompts = shownPrompts,
  comparison = shownComparison,
  attribution = shownAttribution,
}: PromptAnswers = {}): HostWords {
  const next = comparison.answer.next.map((token) => ({ ...token, patched: null }));
  const neurons = attribution.answer.neurons.map((neuron) => ({ ...neuron, ablated: null }));
  return {
    subject: 'Prompts',
    answers: {
      prompts,
      compare: {
        patched: comparison,
        plain: { ...comparison, answer: { ...comparison.answer, next, patch: null } },
      },
      attribute: {
        checked: attribution,
        plain: { ...attribution, answer: { ...attribution.answer, neurons, joint: [], correlation: null } },
      },
      mostDifferent: { neuron: 'L1.N7', difference: 2.5, unit: 'quantile' },
    },
    pinned: [],
    reader: { language: 'en-GB', singleKeyShortcuts: true },
  };
}
