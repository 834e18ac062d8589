import { unchanged } from '../../core/cause/change';
import type { LayerCalibration } from '../../core/cause/effectAnswer';
import { Correlation, withoutMean } from '../../core/cause/vocabularyEffect';
import { formatSite } from '../../core/common/neuronAddress';
import { randomOf, shuffle } from '../../core/common/random';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { headDirection } from './headDirection';
import { countedTokens, stateOf, type HeadModel, type StreamTrace } from './headModel';

/** Neurons of each layer that are switched off, drawn with a fixed seed, each at a token of its own. */
const NEURONS = 32;

/** A neuron, and the token at which it is set to 0. */
interface Trial {
  readonly neuron: number;
  readonly token: number;
}

/**
 * How well direct effects foretell what the model does without a neuron: neurons of each layer are set to 0, each at one
 * token of the text, and the change of all logits there is correlated with what the weights alone and the head alone say.
 */
export async function calibrate(
  model: HeadModel,
  trace: StreamTrace,
  signal: AbortSignal,
): Promise<LayerCalibration[]> {
  const sites = model.changes.sites;
  if (sites.length === 0) return [];
  const changeable = await model.changes.giving(model.head.logits);
  const { ids, named } = trace.prompt;
  const tokens = trace.logits.length === model.vocabulary ? [ids.length - 1] : countedTokens(model, trace);
  const layers: LayerCalibration[] = [];
  for (const located of sites) {
    signal.throwIfAborted();
    const random = randomOf(`calibration ${formatSite(located.site)}`);
    const neurons = shuffle([...Array(located.site.dFf).keys()], random).slice(0, NEURONS);
    const trials = neurons.map((neuron, at): Trial => ({ neuron, token: tokens[at % tokens.length]! }));
    const rows = trials.map(({ neuron, token }) => ({
      changes: [{ ...unchanged({ ...located.site, neuron }), scale: 0 }],
      at: Uint8Array.from(ids, (_, other) => Number(other === token)),
    }));
    const none = { changes: [], at: new Uint8Array(ids.length) };
    const [before, ...after] = await changeable.run({ ids, named }, [none, ...rows], model.vocabulary);
    const truth = trials.map(({ token }, at) => {
      const [intact, without] = [
        logitsAt(model, before!.values, token),
        logitsAt(model, after[at]!.values, token),
      ];
      return Float64Array.from(intact, (value, id) => value - without[id]!);
    });
    layers.push(compared(located, truth, await foretell(model, located, trace, trials)));
  }
  return layers;
}

/** The logits of one token, or of the only one that a model gives logits of. */
function logitsAt({ vocabulary }: HeadModel, values: Float32Array, token: number): Float32Array {
  const from = values.length === vocabulary ? 0 : token * vocabulary;
  return values.subarray(from, from + vocabulary);
}

interface Foretold {
  /** Effects of what each neuron writes, on every logit; null where the weights alone do not tell. */
  readonly weights: readonly Float64Array[] | null;
  readonly head: readonly Float64Array[];
}

async function foretell(
  model: HeadModel,
  located: LocatedSite,
  trace: StreamTrace,
  trials: readonly Trial[],
): Promise<Foretold> {
  const { dModel, dFf } = located.site;
  const written = await model.written(located);
  const acts = trace.acts.get(located)!;
  const states: Float64Array[] = [];
  const directions: Float64Array[] = [];
  for (const { neuron, token } of trials) {
    const state = stateOf(trace.stream.values, token, dModel);
    const size = acts[token * dFf + neuron]!;
    const own = Float64Array.from({ length: dModel }, (_, feature) =>
      written ? size * written[neuron * dModel + feature]! : 0,
    );
    const lost = own.map((value) => -value);
    const moved = await model.joinedAt(located, trace, token, lost);
    states.push(
      state,
      state.map((value, feature) => value + moved[feature]!),
    );
    const direction = await headDirection(model, located, own);
    if (typeof direction === 'string') continue;
    const scale = await model.finalScale(trace, token);
    directions.push(direction.map((value) => value * scale));
  }
  const logits = await model.logitsOfStates(states, trace);
  const row = (at: number): Float32Array =>
    logits.subarray(at * model.vocabulary, (at + 1) * model.vocabulary);
  return {
    weights: directions.length < trials.length ? null : await (await model.unembedding()).project(directions),
    head: trials.map((_, at) => Float64Array.from(row(2 * at), (value, id) => value - row(2 * at + 1)[id]!)),
  };
}

/** @param truth change of every logit, by neuron */
function compared(
  located: LocatedSite,
  truth: readonly Float64Array[],
  { weights, head }: Foretold,
): LayerCalibration {
  const sums = { weights: new Correlation(), head: new Correlation() };
  truth.forEach((change, at) => {
    const said = withoutMean(head[at]!);
    const byWeights = weights && withoutMean(weights[at]!);
    withoutMean(change).forEach((value, id) => {
      sums.head.add(said[id]!, value);
      if (byWeights) sums.weights.add(byWeights[id]!, value);
    });
  });
  return {
    site: formatSite(located.site),
    neurons: truth.length,
    weights: weights ? sums.weights.value : null,
    head: sums.head.value,
  };
}
