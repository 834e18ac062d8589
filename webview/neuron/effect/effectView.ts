import type { EffectAnswer, LayerCalibration, PromotedTokens } from '../../../src/core/cause/effectAnswer';
import { formatRatio, formatValue } from '../../../src/core/common/numberFormat';
import { formatSite, parseNeuron } from '../../../src/core/common/neuronAddress';
import type { NeuronState } from '../../../src/protocol/pages/neuron';

/** Through what an effect is told: the model's own head, or the weights alone. */
export type EffectWay = NeuronState['effect'];

/** A token with a bar as long as its effect. */
export interface EffectBar {
  readonly token: string;
  readonly effect: number;
  /** Length of the bar, 0 to 1: 1 is the largest effect on either side. */
  readonly length: number;
}

/** Both sides on one scale. */
export function effectBars({ promoted, suppressed }: PromotedTokens): {
  readonly promoted: readonly EffectBar[];
  readonly suppressed: readonly EffectBar[];
} {
  const largest = Math.max(...[...promoted, ...suppressed].map(({ effect }) => Math.abs(effect)));
  const bar = ({ token, effect }: PromotedTokens['promoted'][number]): EffectBar => ({
    token,
    effect,
    length: largest > 0 ? Math.abs(effect) / largest : 0,
  });
  return { promoted: promoted.map(bar), suppressed: suppressed.map(bar) };
}

const STRENGTHS: Readonly<Record<EffectAnswer['strengthOf'], string>> = {
  profile: ', its 99.9 % quantile in this profile',
  text: ', its largest in that text',
  one: '',
};

/** What the numbers are. */
export function effectCaption({ strength, strengthOf }: EffectAnswer, way: EffectWay): string {
  return way === 'head'
    ? `Change of the logits at an activation of ${formatValue(strength)}${STRENGTHS[strengthOf]}, through the model’s ` +
        'own final norm and head, as a mean over the tokens of a fixed text. Later layers are ignored.'
    : 'Change of the logits for an activation of 1 where the final norm scales by 1: w_out through the norm’s gain into ' +
        'the unembedding. Later layers are ignored.';
}

/** Numbers of the neuron's weights, those that are known. */
export function shapeWords({ shape, agreement }: EffectAnswer): string {
  const { outNorm, inNorm, cosine, skewness, kurtosis } = shape;
  const figures: readonly (readonly [name: string, text: string | null])[] = [
    ['‖w_out‖', formatValue(outNorm)],
    ['‖w_in‖', inNorm === null ? null : formatValue(inNorm)],
    ['cos(w_in, w_out)', cosine === null ? null : formatRatio(cosine)],
    ['over the vocabulary skewness', skewness === null ? null : formatValue(skewness)],
    ['kurtosis (excess)', kurtosis === null ? null : formatValue(kurtosis)],
    ['correlation with own head', agreement === null ? null : formatRatio(agreement)],
  ];
  return figures.flatMap(([name, text]) => (text === null ? [] : [`${name} ${text}`])).join(' · ');
}

/** A layer, and how well this way foretells ablations in it. */
export interface CalibratedLayer {
  readonly site: string;
  readonly neurons: number;
  /** Pearson's r, or null where nothing varies or the way is not to be had. */
  readonly correlation: number | null;
  /** It is the neuron's own. */
  readonly own: boolean;
}

/** The layers that were compared with ablations, in the model's order. */
export function calibratedLayers(
  { calibration, neuron }: EffectAnswer,
  way: EffectWay,
): readonly CalibratedLayer[] {
  const address = parseNeuron(neuron);
  const own = address && formatSite(address);
  return (calibration ?? []).map(({ site, neurons, [way]: correlation }: LayerCalibration) => ({
    ...{ site, neurons, correlation },
    own: site === own,
  }));
}

/** How far the estimate can be trusted on this model: in the neuron's own layer, and from the worst to the best. */
export function calibrationSentence(layers: readonly CalibratedLayer[]): string {
  const known = layers.flatMap(({ site, correlation, own }) =>
    correlation === null ? [] : [{ site, correlation, own }],
  );
  const [first] = known;
  if (!first) return 'On this model nothing could be compared with true ablation.';
  const here = known.find(({ own }) => own);
  const byFigure = [...known].sort((a, b) => a.correlation - b.correlation);
  const [worst = first, best = first] = [byFigure[0], byFigure.at(-1)];
  const figure = ({ site, correlation }: typeof first): string => `${formatRatio(correlation)} (${site})`;
  const range =
    known.length === 1 ? '' : `${here ? '; by layers ' : ' '}from ${figure(worst)} to ${figure(best)}`;
  const inOwn = here ? ` at ${formatRatio(here.correlation)} in this layer` : '';
  return `On this model the estimate correlates with true ablation${inOwn}${range}.`;
}
