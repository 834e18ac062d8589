import type { NeuronSetting } from '../../core/cause/change';
import type { CorpusAblation, GroupChange } from '../../core/cause/corpusAnswer';
import { LensError } from '../../core/common/errors';
import { formatNeuron } from '../../core/common/neuronAddress';
import type { Corpus } from '../../core/text/corpus';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import { CorpusSums } from './corpusSums';
import { readWindows, type CorpusWindow } from './corpusWindows';
import { ConceptLabels, type ConceptAsked } from './conceptLabels';
import { runCheckedRows } from './checkedRows';
import { locatedIn, matchControls } from './matchControls';
import type { Cause } from './openCause';
import { resolveSetting, SettingProfiles } from './resolveSetting';
import type { UnchangedRun } from './unchangedModel';
import type { Prompt } from './wholeModel';

/** What is to be changed over which texts. */
export interface CorpusQuestion {
  readonly corpus: Corpus;
  readonly settings: readonly NeuronSetting[];
  readonly controls: number;
  readonly seed: number;
  /** Tokens of text to be run. */
  readonly limitTokens: number;
  /** Folder of the profile that says where a neuron is in its top band; null where none is asked for. */
  readonly profile: string | null;
  /** A concept that was tested on a profile, whose tokens are told apart from the others; null where none is asked for. */
  readonly concept: ConceptAsked | null;
}

/** Who is told how far it is, and lets others go first. */
export interface CorpusObserver {
  /** Takes how many of so many windows are done. */
  readonly progress?: (done: number, total: number) => void;
  readonly betweenBatches?: () => Promise<void>;
}

/** A neuron is in its top band above this quantile of its profile. */
const TOP_BAND = 0.99;
/** Fewer tokens than this say little. */
const ENOUGH_TOKENS = 2000;

/**
 * Changes neurons over the texts of a corpus, and says how the loss of the tokens changes, beside as much done to other
 * neurons: over all, over those that are predicted from a token where a changed neuron is in its top band, over those that
 * carry a concept, and over the rest of each.
 * @throws LensError `unsupported-model` where the model predicts no next token, `not-found` for a corpus without text
 */
export async function ablateCorpus(
  cause: Cause,
  question: CorpusQuestion,
  signal: AbortSignal,
  { progress, betweenBatches }: CorpusObserver = {},
): Promise<CorpusAblation> {
  const { settings, seed } = question;
  if (!cause.causal || cause.part !== 'model') {
    throw new LensError(
      'unsupported-model',
      `${cause.modelPackage.id} does not predict the next token of a text, so that its tokens have no loss. ` +
        'Ask about a prompt instead: on the command line, with --text.',
    );
  }
  const profiles = new SettingProfiles(cause.analysed.sha256, cause.quantity);
  const labels =
    question.concept &&
    (await ConceptLabels.open(question.concept, cause.modelPackage.tokenizerPath!, signal));
  try {
    const windows = await readWindows(cause, question, labels, signal);
    const sizes = await meanSizes(cause, settings, windows, signal, betweenBatches);
    const chosen = await matchControls(cause, question, sizes);
    const bars = await Promise.all(
      settings.map(async ({ address }) =>
        question.profile === null
          ? Infinity
          : (await profiles.neuron(question.profile, address)).quantile(TOP_BAND),
      ),
    );
    const neurons = [settings.map(({ address }) => address.neuron), ...chosen.rows];
    const asked = { topBand: question.profile !== null, concept: labels !== null };
    const sums = new CorpusSums(neurons.length, asked);
    let identity = 0;
    for (const [done, window] of windows.entries()) {
      signal.throwIfAborted();
      progress?.(done, windows.length);
      await betweenBatches?.();
      const { prompt } = window;
      const at = new Uint8Array(prompt.length).fill(1);
      const rows: ChangedRow[] = [{ changes: [], at }];
      for (const row of neurons) {
        const changes = await Promise.all(
          settings.map(({ setting, address }, i) =>
            resolveSetting(setting, { ...address, neuron: row[i]! }, prompt.length, profiles, seed),
          ),
        );
        rows.push({ changes, at });
      }
      const unchanged = await cause.original.run(prompt);
      const run = await runCheckedRows(cause, prompt, rows, unchanged.output);
      identity = Math.max(identity, run.identity);
      sums.add(window, run.outputs, topBand(cause, settings, bars, unchanged, prompt.length), cause);
    }
    const groups = sums.groups(seed);
    const [all] = groups;
    const run = windows.reduce((sum, { prompt }) => sum + ownTokens(prompt), 0);
    return {
      ...{ identity, groups, largest: sums.largest },
      tokens: all?.tokens ?? 0,
      documents: all?.documents ?? 0,
      controls: chosen.rows.map((row) =>
        row.map((neuron, i) => formatNeuron({ ...settings[i]!.address, neuron })),
      ),
      notices: [
        ...chosen.notices,
        ...(labels ? noticesOf(labels, groups) : []),
        ...(run < ENOUGH_TOKENS
          ? [`Only ${run} tokens were run; at least ${ENOUGH_TOKENS} of many documents say more.`]
          : []),
      ],
    };
  } finally {
    await profiles.close();
    await labels?.end();
  }
}

/** Tokens of the text, without the special ones around it. */
function ownTokens({ tokens }: Prompt): number {
  return tokens.filter(({ special }) => !special).length;
}

function noticesOf(labels: ConceptLabels, groups: readonly GroupChange[]): string[] {
  const found = groups.some(({ group }) => group === 'concept');
  const none = `None of the tokens that were run carries “${labels.name}”. Run more tokens, or name other files.`;
  return [...(labels.notice === null ? [] : [labels.notice]), ...(found ? [] : [none])];
}

/** Of the layer of each changed neuron, the mean |activation| of all its neurons. */
async function meanSizes(
  cause: Cause,
  settings: readonly NeuronSetting[],
  windows: readonly CorpusWindow[],
  signal: AbortSignal,
  betweenBatches: CorpusObserver['betweenBatches'],
): Promise<Float64Array[]> {
  const sums = settings.map(({ address }) => new Float64Array(locatedIn(cause, address).site.dFf));
  for (const { prompt } of windows) {
    signal.throwIfAborted();
    await betweenBatches?.();
    const run = await cause.original.run(prompt);
    settings.forEach(({ address }, which) => {
      const sum = sums[which]!;
      run.activationsOf(address).forEach((value, at) => {
        if (!Number.isNaN(value)) sum[at % sum.length]! += Math.abs(value);
      });
    });
  }
  return sums;
}

/** [tokens] whether a changed neuron is in its top band. */
function topBand(
  cause: Cause,
  settings: readonly NeuronSetting[],
  bars: readonly number[],
  { activationsOf }: UnchangedRun,
  tokens: number,
): boolean[] {
  return Array.from({ length: tokens }, (_, token) =>
    settings.some(({ address }, which) => {
      const { dFf } = locatedIn(cause, address).site;
      return activationsOf(address)[token * dFf + address.neuron]! > bars[which]!;
    }),
  );
}
