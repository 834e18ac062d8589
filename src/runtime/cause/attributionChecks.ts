import { TOGETHER, type JointAblation } from '../../core/cause/attributionAnswer';
import { unchanged } from '../../core/cause/change';
import { matchedControls } from '../../core/cause/controls';
import { formatSite, type NeuronAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { whyUnchangeable } from '../../core/onnx/surgery/intervene';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import { normsOf } from '../onnxruntime/outputWeights';
import type { HeadModel, StreamTrace } from './headModel';

/** Rows between which a check can be cancelled. */
const AT_ONCE = 16;

/** A neuron with what it writes toward the token, and where its activation and weights are. */
export interface RankedShare {
  readonly address: NeuronAddress;
  readonly located: LocatedSite;
  readonly activation: number;
  readonly direct: number;
}

interface Asked {
  readonly token: number;
  readonly against: number | null;
  /** Of the ranked neurons, how many are checked one by one. */
  readonly neurons: number;
  readonly seed: number;
}

interface Checks {
  /** By how much the logit falls without each of the first neurons; null where its layer cannot be changed. */
  readonly single: readonly (number | null)[];
  readonly joint: readonly JointAblation[];
  readonly notices: readonly string[];
}

/** Where nothing is to be checked. */
export const UNCHECKED: Checks = { single: [], joint: [], notices: [] };

/** Sets ranked neurons to 0 at the last token, each alone and the first of them together, in rows of batches. */
export async function checkByAblation(
  model: HeadModel,
  trace: StreamTrace,
  ranked: readonly RankedShare[],
  asked: Asked,
  signal: AbortSignal,
): Promise<Checks> {
  const { index } = model.whole.analysed.analysis;
  const canChange = (located: LocatedSite): boolean => model.changes.sites.includes(located);
  const fixed = [...trace.acts.keys()].filter((located) => !canChange(located));
  const notices = fixed.map(
    (located) =>
      `The neurons of ${formatSite(located.site)} are not checked: ${whyUnchangeable(index, located) ?? ''}.`,
  );
  const chosen = ranked.filter(({ located }) => canChange(located));
  if (chosen.length === 0) return { single: ranked.map(() => null), joint: [], notices };
  const alone = ranked
    .slice(0, asked.neurons)
    .map((neuron) => (canChange(neuron.located) ? [neuron.address] : null));
  const sizes: number[] = [];
  for (let k = 1; k <= Math.min(TOGETHER.most, chosen.length); k *= 2) sizes.push(k);
  const others = await drawOthers(model, trace, chosen.slice(0, sizes.at(-1)), asked.seed);
  const sets: (readonly NeuronAddress[])[] = [
    ...alone.flatMap((set) => (set ? [set] : [])),
    ...sizes.flatMap((k) => [
      chosen.slice(0, k).map(({ address }) => address),
      ...others.map((drawn) => drawn.slice(0, k)),
    ]),
  ];
  const falls = await fallsWithout(model, trace, sets, asked, signal);
  const single = alone.map((set) => (set ? falls.shift()! : null));
  const joint = sizes.map((k): JointAblation => {
    const [first, ...random] = falls.splice(0, 1 + others.length);
    return { k, chosen: first!, random };
  });
  return { single, joint, notices };
}

/** By how much the logit falls when the neurons of each set are 0 at the last token. */
async function fallsWithout(
  model: HeadModel,
  { prompt }: StreamTrace,
  sets: readonly (readonly NeuronAddress[])[],
  { token, against }: Asked,
  signal: AbortSignal,
): Promise<number[]> {
  const changeable = await model.changes.giving(model.head.scores);
  const { ids, named } = prompt;
  const at = Uint8Array.from(ids, (_, place) => Number(place === ids.length - 1));
  const rows = [[], ...sets].map((set): ChangedRow => ({
    changes: set.map((address) => ({ ...unchanged(address), scale: 0 })),
    at,
  }));
  const logits: number[] = [];
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    signal.throwIfAborted();
    const some = rows.slice(first, first + AT_ONCE);
    for (const { values } of await changeable.run({ ids, named }, some, model.vocabulary)) {
      const row = values.subarray(values.length - model.vocabulary);
      logits.push(row[token]! - (against === null ? 0 : row[against]!));
    }
  }
  return logits.slice(1).map((logit) => logits[0]! - logit);
}

/** For each of the chosen neurons another of its layer that writes about as much at the last token, some times over. */
async function drawOthers(
  model: HeadModel,
  trace: StreamTrace,
  chosen: readonly RankedShare[],
  seed: number,
): Promise<NeuronAddress[][]> {
  const written = new Map<LocatedSite, Float64Array>();
  const taken = new Map<LocatedSite, Set<number>>();
  for (const { located, address } of chosen) {
    taken.set(located, (taken.get(located) ?? new Set()).add(address.neuron));
    if (!written.has(located)) written.set(located, await writtenBy(model, trace, located));
  }
  const candidates = chosen.map(({ located, address }) =>
    matchedControls(written.get(located)!, address.neuron, {
      count: 4 * TOGETHER.draws,
      seed,
      taken: taken.get(located)!,
    }),
  );
  return Array.from({ length: TOGETHER.draws }, (_, draw) => {
    const used = new Set<string>();
    return chosen.flatMap(({ located }, at): NeuronAddress[] => {
      const list = candidates[at]!;
      const turned = [...list.slice(draw), ...list.slice(0, draw)];
      const name = (neuron: number): string => `${formatSite(located.site)} ${neuron}`;
      const free = turned.find((neuron) => !used.has(name(neuron)));
      if (free === undefined) return [];
      used.add(name(free));
      return [{ ...located.site, neuron: free }];
    });
  });
}

/** [neurons] |activation| · ‖w_out‖ at the last token. */
async function writtenBy(
  model: HeadModel,
  { acts, prompt }: StreamTrace,
  located: LocatedSite,
): Promise<Float64Array> {
  const { dFf, dModel } = located.site;
  const weights = await model.written(located);
  const norms = weights ? normsOf(weights, dModel) : new Float64Array(dFf).fill(1);
  const own = acts.get(located)!;
  const from = (prompt.ids.length - 1) * dFf;
  return norms.map((norm, neuron) => norm * Math.abs(own[from + neuron]!));
}
