import { setImmediate } from 'node:timers/promises';
import { positionMask, type Positions, type Setting } from '../../core/cause/change';
import { LensError } from '../../core/common/errors';
import { formatNeuron, formatSite, type SiteAddress } from '../../core/common/neuronAddress';
import type { LayerCost, RankedLayer, RankedNeuron } from '../../core/cause/rankedLayer';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import { runCheckedRows } from './checkedRows';
import { comparisonWith } from './comparison';
import { locatedIn } from './matchControls';
import type { Cause } from './openCause';
import { resolveSetting, SettingProfiles } from './resolveSetting';
import { promptOf } from './wholeModel';

/** Which layer's neurons are changed one after the other, and how. */
export interface LayerQuestion {
  readonly text: string;
  readonly decoderText?: string | undefined;
  readonly layer: SiteAddress;
  readonly setting: Setting;
  readonly positions: Positions;
  readonly seed: number;
}

/** Neurons of one batch: enough that a row costs no more in a larger one. */
const ROWS = 32;

/** Who is told how far it is, and lets others go first. */
export interface LayerObserver {
  /** Takes how many of so many neurons are done. */
  readonly progress?: (done: number, total: number) => void;
  /** Reads messages, such as a cancellation: a run holds the thread. */
  readonly betweenBatches?: () => Promise<void>;
}

/** Rows of the batch that is timed. */
const TIMED_ROWS = 8;

/** What it takes to change the neurons of each layer in turn on a text: a batch of it is run, and timed. */
export async function layerCosts(cause: Cause, text: string): Promise<LayerCost[]> {
  const prompt = await promptOf(cause, text);
  const { width } = (await cause.original.run(prompt)).output;
  const at = new Uint8Array(prompt.length).fill(1);
  const began = performance.now();
  await cause.changeable.run(prompt, Array<ChangedRow>(TIMED_ROWS).fill({ changes: [], at }), width, {
    last: cause.causal,
  });
  const seconds = (performance.now() - began) / 1000 / TIMED_ROWS;
  return cause.sites.map(({ site }) => ({
    layer: formatSite(site),
    neurons: site.dFf,
    seconds: seconds * site.dFf * (1 + 1 / ROWS),
  }));
}

/**
 * Changes each neuron of a layer alone and ranks them by what the output makes of it.
 */
export async function rankLayer(
  cause: Cause,
  question: LayerQuestion,
  signal: AbortSignal,
  { progress, betweenBatches = () => setImmediate() }: LayerObserver = {},
): Promise<RankedLayer> {
  const { layer, setting, seed } = question;
  const prompt = await promptOf(cause, question.text, question.decoderText);
  const at = positionMask(question.positions, prompt.length, prompt.length);
  const meant = [...at.keys()].filter((token) => at[token] === 1);
  if (meant.length === 0) {
    throw new LensError(
      'usage',
      `The text has ${prompt.length} tokens, and none of those meant is among them.`,
    );
  }
  const { dFf } = locatedIn(cause, layer).site;
  const unchanged = await cause.original.run(prompt);
  const activations = unchanged.activationsOf(layer).slice();
  const seen = comparisonWith(cause, prompt, unchanged.output);
  const profiles = new SettingProfiles(cause.analysed.sha256, cause.quantity);
  try {
    const ranked: RankedNeuron[] = [];
    let identity = 0;
    for (let first = 0; first < dFf; first += ROWS) {
      await betweenBatches();
      signal.throwIfAborted();
      progress?.(first, dFf);
      const neurons = Array.from({ length: Math.min(ROWS, dFf - first) }, (_, row) => first + row);
      const rows: ChangedRow[] = [{ changes: [], at }];
      for (const neuron of neurons) {
        const address = { ...layer, neuron };
        const change = await resolveSetting(setting, address, prompt.length, profiles, seed);
        rows.push({ changes: [change], at });
      }
      const run = await runCheckedRows(cause, prompt, rows, unchanged.output, seen.output === 'next');
      identity = Math.max(identity, run.identity);
      neurons.forEach((neuron, row) => {
        ranked.push({
          neuron: formatNeuron({ ...layer, neuron }),
          activation: peakOf(meant.map((token) => activations[token * dFf + neuron]!)),
          change: seen.change(run.outputs[row + 1]!),
        });
      });
    }
    return { identity, output: seen.output, ranked: ranked.sort((a, b) => b.change - a.change) };
  } finally {
    await profiles.close();
  }
}

function peakOf(values: readonly number[]): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  return known.reduce((peak, value) => (Math.abs(value) > Math.abs(peak) ? value : peak));
}
