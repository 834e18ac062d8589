import type { NeuronSetting } from '../../core/cause/change';
import { controlledP } from '../../core/cause/controls';
import { logSumOfExponentials } from '../../core/cause/distribution';
import { LossChanges, type LossChange } from '../../core/cause/lossChanges';
import { LensError } from '../../core/common/errors';
import { formatNeuron } from '../../core/common/neuronAddress';
import type { SourceDocument } from '../../core/text/document';
import { tokensOrReason, UnfitText } from '../../core/text/tokenizer';
import type { Corpus } from '../../core/text/corpus';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
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
}

/** A token, and how its loss changed. */
export interface ChangedToken {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly token: string;
  readonly before: number;
  readonly after: number;
}

/** A group of tokens with the change of its loss, beside that by the controls. */
export interface GroupChange extends LossChange {
  readonly group: 'all' | 'topBand' | 'rest';
  /** (1 + controls that move the loss as far) / (controls + 1); null without controls. */
  readonly p: number | null;
}

/** `ablate MODEL CORPUS --json` of docs/cli.md. */
export interface CorpusAblation {
  readonly identity: number;
  readonly tokens: number;
  readonly documents: number;
  readonly groups: readonly GroupChange[];
  /** Those whose loss changed most, either way. */
  readonly largest: readonly ChangedToken[];
  /** Of each control, the neurons in the place of those asked for. */
  readonly controls: readonly (readonly string[])[];
  readonly notices: readonly string[];
}

/** Tokens of text in a window. */
const WINDOW = 128;
/** So many documents share the tokens evenly, where the corpus has as many. */
const DOCUMENTS = 20;
/** A neuron is in its top band above this quantile of its profile. */
const TOP_BAND = 0.99;
const LARGEST = 20;
/** Fewer tokens than this say little. */
const ENOUGH_TOKENS = 2000;

/** A stretch of a document as it is run. */
interface CorpusWindow {
  readonly document: SourceDocument;
  readonly prompt: Prompt;
}

/**
 * Changes neurons over the texts of a corpus, and says how the loss of the tokens changes, beside as much done to other
 * neurons: over all, over those that are predicted from a token where a changed neuron is in its top band, and the rest.
 * @param progress takes how many of so many windows are done
 * @throws LensError `unsupported-model` where the model predicts no next token, `not-found` for a corpus without text
 */
export async function ablateCorpus(
  cause: Cause,
  question: CorpusQuestion,
  signal: AbortSignal,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<CorpusAblation> {
  const { settings, seed } = question;
  if (!cause.causal || cause.part !== 'model') {
    throw new LensError(
      'unsupported-model',
      `${cause.modelPackage.id} does not predict the next token of a text, so that its tokens have no loss. ` +
        'Give a text with --text.',
    );
  }
  const profiles = new SettingProfiles(cause.analysed.sha256, cause.quantity);
  try {
    const windows = await readWindows(cause, question, signal);
    const sizes = await meanSizes(cause, settings, windows, signal);
    const chosen = await matchControls(cause, question, sizes);
    const bars = await Promise.all(
      settings.map(async ({ address }) =>
        question.profile === null
          ? Infinity
          : (await profiles.neuron(question.profile, address)).quantile(TOP_BAND),
      ),
    );
    const neurons = [settings.map(({ address }) => address.neuron), ...chosen.rows];
    const sums = new Sums(neurons.length);
    let identity = 0;
    for (const [done, window] of windows.entries()) {
      signal.throwIfAborted();
      progress(done, windows.length);
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
    const groups = sums.groups(seed, question.profile !== null);
    const [all] = groups;
    const few = (all?.tokens ?? 0) < ENOUGH_TOKENS;
    return {
      ...{ identity, groups, largest: sums.largest },
      tokens: all?.tokens ?? 0,
      documents: all?.documents ?? 0,
      controls: chosen.rows.map((row) =>
        row.map((neuron, i) => formatNeuron({ ...settings[i]!.address, neuron })),
      ),
      notices: [
        ...chosen.notices,
        ...(few
          ? [
              `Only ${all?.tokens ?? 0} tokens were run; at least ${ENOUGH_TOKENS} of many documents say more.`,
            ]
          : []),
      ],
    };
  } finally {
    await profiles.close();
  }
}

async function readWindows(
  { tokenizer, limits }: Cause,
  { corpus, limitTokens }: CorpusQuestion,
  signal: AbortSignal,
): Promise<CorpusWindow[]> {
  const { before, after } = tokenizer.frame;
  const length = Math.min(WINDOW, limits.length - before.length - after.length);
  const mostOfOne = Math.max(length, Math.ceil(limitTokens / Math.min(DOCUMENTS, corpus.files.length)));
  const windows: CorpusWindow[] = [];
  let taken = 0;
  for await (const document of corpus.documents(signal)) {
    if (taken >= limitTokens) break;
    const tokens = await tokensOrReason(tokenizer, document.text);
    if (tokens instanceof UnfitText || tokens.ids.some((id) => id >= (limits.vocabulary ?? Infinity)))
      continue;
    const most = Math.min(tokens.ids.length, mostOfOne, limitTokens - taken);
    for (let start = 0; start < most; start += length) {
      const end = Math.min(start + length, most);
      const framed = (ids: readonly number[], place: number) =>
        ids.map((id) => ({ id, start: place, end: place, special: true }));
      const own = Array.from({ length: end - start }, (_, at) => ({
        id: tokens.ids[start + at]!,
        start: tokens.starts[start + at]!,
        end: tokens.ends[start + at]!,
        special: tokens.special[start + at] === 1,
      }));
      const all = [...framed(before, own[0]!.start), ...own, ...framed(after, own.at(-1)!.end)];
      const ids = Uint32Array.from(all, ({ id }) => id);
      if (ids.length < 2) continue;
      windows.push({ document, prompt: { tokens: all, ids, length: ids.length, named: new Map() } });
    }
    taken += most;
  }
  if (windows.length > 0) return windows;
  throw new LensError('not-found', 'The corpus holds no text of two tokens or more. Name other files.');
}

/** Of the layer of each changed neuron, the mean |activation| of all its neurons. */
async function meanSizes(
  cause: Cause,
  settings: readonly NeuronSetting[],
  windows: readonly CorpusWindow[],
  signal: AbortSignal,
): Promise<Float64Array[]> {
  const sums = settings.map(({ address }) => new Float64Array(locatedIn(cause, address).site.dFf));
  for (const { prompt } of windows) {
    signal.throwIfAborted();
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

/** What is added up window by window. */
class Sums {
  largest: ChangedToken[] = [];
  private readonly all: LossChanges;
  private readonly inBand: LossChanges;
  private readonly rest: LossChanges;

  /** @param changes the one that is looked at, and the controls */
  constructor(private readonly changes: number) {
    [this.all, this.inBand, this.rest] = [1, 2, 3].map(() => new LossChanges(changes)) as [
      LossChanges,
      LossChanges,
      LossChanges,
    ];
  }

  /** @param outputs of the unchanged row, and of each change */
  add(
    { document, prompt: { tokens } }: CorpusWindow,
    outputs: readonly RowOutput[],
    band: readonly boolean[],
    cause: Cause,
  ): void {
    const after = new Float64Array(this.changes);
    tokens.forEach(({ id, start, special }, token) => {
      if (token === 0 || special) return;
      const [before, ...changed] = outputs.map((output) => lossAt(output, token, id));
      after.set(changed);
      this.all.add(document.key, before!, after);
      (band[token - 1] ? this.inBand : this.rest).add(document.key, before!, after);
      const smallest = this.largest.at(-1);
      const size = Math.abs(changed[0]! - before!);
      if (this.largest.length === LARGEST && smallest && size <= Math.abs(smallest.after - smallest.before))
        return;
      const { line, column } = document.locate(start);
      const row = {
        file: document.file,
        line,
        column,
        token: cause.textOf([id]),
        before: before!,
        after: changed[0]!,
      };
      this.largest = [...this.largest, row]
        .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
        .slice(0, LARGEST);
    });
  }

  groups(seed: number, hasBand: boolean): GroupChange[] {
    const named = [
      ['all', this.all],
      ...(hasBand
        ? ([
            ['topBand', this.inBand],
            ['rest', this.rest],
          ] as const)
        : []),
    ] as const;
    return named.flatMap(([group, sums]) => {
      const summary = sums.summary(seed);
      if (!summary) return [];
      const p = controlledP(Math.abs(summary.change), summary.controls.map(Math.abs));
      return [{ group, ...summary, p }];
    });
  }
}

function lossAt({ values, width }: RowOutput, token: number, id: number): number {
  const logits = values.subarray((token - 1) * width, token * width);
  return logSumOfExponentials(logits) - logits[id]!;
}
