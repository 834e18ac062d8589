import { randomOf, shuffle } from '../common/random';

/** Neurons as near in size as the controls, times this, are drawn from. */
const CANDIDATES = 2;

/**
 * Neurons of the same layer that write about as much as the changed one where it is changed: matched on
 * |activation| · ‖w_out‖. A silent neuron is none. Of the nearest twice as many, the seed draws.
 * @param written [neurons] |activation| · ‖w_out‖ at one token
 * @param taken neurons that are changed themselves
 * @returns fewer than `count` where the layer has no more that speak
 */
export function matchedControls(
  written: Float64Array,
  neuron: number,
  { count, seed, taken }: { count: number; seed: number; taken: ReadonlySet<number> },
): number[] {
  const loudest = written.reduce((most, value) => Math.max(most, value), 0);
  const floor = loudest * 1e-9;
  const own = Math.max(written[neuron]!, floor);
  const distance = (other: number): number => Math.abs(Math.log(written[other]! / own));
  const candidates = [...written.keys()]
    .filter((other) => other !== neuron && !taken.has(other) && written[other]! > floor)
    .sort((a, b) => distance(a) - distance(b) || a - b)
    .slice(0, CANDIDATES * count);
  return shuffle(candidates, randomOf(`${seed} controls of ${neuron}`)).slice(0, count);
}

/** (1 + how many controls change as much or more) / (N + 1); null without controls. */
export function controlledP(change: number, controls: readonly number[]): number | null {
  if (controls.length === 0 || Number.isNaN(change)) return null;
  return (1 + controls.filter((other) => other >= change).length) / (controls.length + 1);
}
