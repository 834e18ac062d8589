import * as v from 'valibot';
import type { LayerStrips } from '../../src/core/overview/layerStrips';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import { layerStripsSchema, overviewAnswerSchema } from '../../src/protocol/overviewSchema';
import recorded from '../fixtures/webview/overview.json';
import { failedSelfTest, type HostWords } from './messages';

/** What a real profile of the sample gives, with concepts and the control with shuffled weights (recordOverview.mjs). */
export const recordedOverview: OverviewAnswer = v.parse(overviewAnswerSchema, recorded.overview);

/** The same by skewness. */
export const recordedSkewness: LayerStrips = v.parse(layerStripsSchema, recorded.skewness);

/** The strongest tokens of its first neurons, by their ids. */
export const recordedTokens = Object.fromEntries(
  recordedOverview.first.map(({ id }, at) => [id, recorded.strongestTokens[at]!]),
);

/** One without concepts, stopped, of which nearly everything must be said first. */
export const unsoundOverview: OverviewAnswer = {
  ...recordedOverview,
  manifest: { ...recordedOverview.manifest, state: 'partial', selfTest: failedSelfTest },
  named: null,
  ...{ dead: 41, constant: 3, scored: 812 },
  first: recordedOverview.first.map((neuron) => ({ ...neuron, name: null })),
  notes: [
    { tone: 'error', head: 'The self-test of the model failed.', text: 'L15 differs by 0.310.' },
    { tone: 'warning', head: 'Only 812 tokens are scored.', text: 'Profile more text before you name any.' },
    ...recordedOverview.notes,
  ],
  strips: {
    ...recordedOverview.strips,
    layers: recordedOverview.strips.layers.map((layer, at) =>
      at === 0
        ? { ...layer, dead: 41, withoutValue: 20, shades: layer.shades.map((count) => count * 0.9) }
        : layer,
    ),
  },
};

/** What the host says of a profile. */
export function overviewMessage(
  overview: OverviewAnswer = recordedOverview,
  name = 'Workspace docs',
): HostWords {
  return {
    subject: `Overview: ${name}`,
    answers: {
      overview: { profile: { id: '/profiles/docs', name }, overview },
      strips: recordedSkewness,
      strongestTokens: recordedTokens,
    },
    pinned: [],
    reader: { language: 'en', singleKeyShortcuts: true },
  };
}
