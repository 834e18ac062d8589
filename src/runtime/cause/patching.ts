import type { ControlEffect } from '../../core/cause/ablationAnswer';
import { unchanged, type Change } from '../../core/cause/change';
import { controlledP } from '../../core/cause/controls';
import { pairsAt, type AlignedPair, type PatchPlaces } from '../../core/cause/promptAlignment';
import type { PatchEffect } from '../../core/cause/promptsAnswer';
import { formatNeuron, type NeuronAddress } from '../../core/common/neuronAddress';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import { runCheckedRows } from './checkedRows';
import type { Comparison } from './comparison';
import { locatedIn, matchControls } from './matchControls';
import type { Cause } from './openCause';
import type { RunPrompt } from './runPrompt';

/** Which values go where. */
export interface PatchQuestion {
  readonly from: RunPrompt;
  readonly to: RunPrompt;
  readonly at: PatchPlaces;
  readonly neurons: readonly NeuronAddress[];
  readonly controls: number;
  readonly seed: number;
}

/** What comes of it, with the log-probabilities behind; null where the output is no distribution. */
export interface Patched extends PatchEffect {
  readonly distribution: Float64Array | null;
  readonly notices: readonly string[];
}

/**
 * Gives neurons on one prompt the values that they have on another, at tokens that are aligned, beside as much done to other
 * neurons of their layers: those whose own values differ about as much between the prompts, times ‖w_out‖.
 * @throws LensError `internal` where the unchanged model does not give the original output
 */
export async function patchValues(
  cause: Cause,
  question: PatchQuestion,
  seen: Comparison,
  signal: AbortSignal,
): Promise<Patched> {
  const { from, to, neurons } = question;
  const pairs = pairsAt(question.at, from.prompt.ids, to.prompt.ids);
  const at = new Uint8Array(to.prompt.ids.length);
  for (const pair of pairs) at[pair.to] = 1;
  const matched = await matchControls(
    cause,
    { ...question, settings: neurons.map((address) => ({ address })) },
    neurons.map((address) => differencesAtPeak(cause, question, pairs, address)),
  );
  signal.throwIfAborted();
  const patched = (chosen: readonly NeuronAddress[]): ChangedRow => ({
    changes: chosen.map((address) => patch(cause, question, pairs, address)),
    at,
  });
  const controls = matched.rows.map((row) =>
    row.map((neuron, which): NeuronAddress => ({ ...neurons[which]!, neuron })),
  );
  const rows = [{ changes: [], at }, patched(neurons), ...controls.map(patched)];
  const { outputs, identity } = await runCheckedRows(cause, to.prompt, rows, to.run.output);
  const [change = 0, ...others] = outputs.slice(1).map((output) => seen.change(output));
  const effects = controls.map((chosen, which): ControlEffect => ({
    neurons: chosen.map(formatNeuron),
    kl: seen.isDistribution ? others[which]! : null,
    change: others[which]!,
  }));
  return {
    ...{ pairs: pairs.length, kl: seen.isDistribution ? change : null, change, identity },
    ...{ controls: effects, p: controlledP(change, others) },
    distribution: seen.distributionOf(outputs[1]!),
    notices: matched.notices,
  };
}

/** A neuron of the one prompt in the place of itself in the other. */
function patch(
  cause: Cause,
  { from, to }: PatchQuestion,
  pairs: readonly AlignedPair[],
  address: NeuronAddress,
): Change {
  const { dFf } = locatedIn(cause, address).site;
  const given = from.run.activationsOf(address);
  const shift = new Float32Array(to.prompt.ids.length);
  for (const pair of pairs) shift[pair.to] = given[pair.from * dFf + address.neuron]!;
  return { ...unchanged(address), scale: 0, shift };
}

/** [neurons] By how much each neuron of a layer differs at the pair where the patched one differs most. */
function differencesAtPeak(
  cause: Cause,
  { from, to }: PatchQuestion,
  pairs: readonly AlignedPair[],
  address: NeuronAddress,
): Float64Array {
  const { dFf } = locatedIn(cause, address).site;
  const [given, own] = [from.run.activationsOf(address), to.run.activationsOf(address)];
  const difference = (pair: AlignedPair, neuron: number): number =>
    Math.abs(given[pair.from * dFf + neuron]! - own[pair.to * dFf + neuron]!);
  const peak = pairs.reduce<AlignedPair | null>(
    (most, pair) =>
      most === null || difference(pair, address.neuron) > difference(most, address.neuron) ? pair : most,
    null,
  );
  return Float64Array.from({ length: dFf }, (_, neuron) => (peak ? difference(peak, neuron) : 0));
}
