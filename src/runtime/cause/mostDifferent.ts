import { alignTokens } from '../../core/cause/promptAlignment';
import type { MostDifferent } from '../../core/cause/promptsAnswer';
import { medianOf } from '../../core/common/median';
import { LensError } from '../../core/common/errors';
import { formatNeuron, sameSite, type NeuronAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Cause } from './openCause';
import { SettingProfiles } from './resolveSetting';
import { runPrompt } from './runPrompt';

/** Of the layer's median quantile: a neuron that hardly ever fires is not the one that differs most by a trace. */
const LEAST_UNIT = 0.1;

/** Between which prompts, and in which unit. */
export interface DifferenceQuestion {
  readonly from: string;
  readonly to: string;
  /** Folder of the profile whose 99.9 % quantiles are the unit; null: what a neuron writes at 1. */
  readonly profile: string | null;
  /** Neurons that are shown already. */
  readonly without: readonly string[];
}

/**
 * The neuron whose values differ most between two prompts at tokens that are aligned.
 * @throws LensError `usage` where a prompt cannot be run, or nothing differs
 */
export async function mostDifferent(
  cause: Cause,
  { from, to, profile, without }: DifferenceQuestion,
  signal: AbortSignal,
): Promise<MostDifferent> {
  const runs = [];
  for (const text of [from, to]) {
    const run = await runPrompt(cause, text);
    if (typeof run === 'string') throw new LensError('usage', run);
    runs.push(run);
  }
  signal.throwIfAborted();
  const [one, other] = [runs[0]!, runs[1]!];
  const pairs = alignTokens(one.prompt.ids, other.prompt.ids);
  const units = await unitsOf(cause, profile);
  let best: { readonly address: NeuronAddress; readonly difference: number } | null = null;
  for (const { located, unit } of units) {
    const { dFf } = located.site;
    const [given, own] = [one.run.activationsOf(located.site), other.run.activationsOf(located.site)];
    for (let neuron = 0; neuron < dFf; neuron++) {
      const scale = unit(neuron);
      if (!(scale > 0) || without.includes(formatNeuron({ ...located.site, neuron }))) continue;
      for (const pair of pairs) {
        const difference = Math.abs(given[pair.from * dFf + neuron]! - own[pair.to * dFf + neuron]!) / scale;
        if (difference > (best?.difference ?? 0)) best = { address: { ...located.site, neuron }, difference };
      }
    }
  }
  if (best) {
    return {
      neuron: formatNeuron(best.address),
      difference: best.difference,
      unit: profile === null ? 'written' : 'quantile',
    };
  }
  throw new LensError(
    'usage',
    'No neuron differs between these prompts at tokens that are aligned. Change one of the prompts.',
  );
}

interface SiteUnits {
  readonly located: LocatedSite;
  /** What differences of a neuron are divided by; 0 or NaN where there is no unit. */
  readonly unit: (neuron: number) => number;
}

async function unitsOf(cause: Cause, folder: string | null): Promise<SiteUnits[]> {
  const { sites, analysed, quantity } = cause;
  if (folder === null) {
    return Promise.all(
      sites.map(async (located) => {
        const norms = await cause.outputNorms(located);
        return { located, unit: (neuron: number) => 1 / (norms?.[neuron] ?? 1) };
      }),
    );
  }
  const profiles = new SettingProfiles(analysed.sha256, quantity);
  try {
    const profile = await profiles.profile(folder);
    const profiled = sites.filter(({ site }) =>
      profile.tables.some((table) => table.quantity === quantity && sameSite(table.site, site)),
    );
    return await Promise.all(
      profiled.map(async (located) => {
        const { q999, silent } = await profile.background(located.site, quantity);
        const least = LEAST_UNIT * medianOf(Array.from(q999));
        return {
          located,
          unit: (neuron: number) => (silent[neuron] ? 0 : Math.max(q999[neuron]!, least)),
        };
      }),
    );
  } finally {
    await profiles.close();
  }
}
