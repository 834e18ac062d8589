import type { ElementType } from '../common/elements';
import { formatCount, formatShare, formatValue } from '../common/numberFormat';
import { densityOf, type ShareAbove } from './density';
import { type Histogram, histogramOf, quantileErrorOf, quantileOf } from './histogram';
import { isRectified, type LayerContext, peakOf } from './layerContext';
import { topShareOf } from './mass';
import type { Distributions } from './siteSummary';

/** A neuron whose peak is under this part of its layer's median peak is dead. */
export const DEAD_PEAK = 1e-3;
/** A neuron whose standard deviation is under this part of its layer's median peak is constant. */
export const CONSTANT_SPREAD = 1e-6;

/** What statistics of one neuron are computed from. */
interface Measured {
  readonly summary: Distributions;
  readonly neuron: number;
  readonly histogram: Histogram;
  readonly context: LayerContext;
  /** NaN without values. */
  readonly std: number;
}

/** The kinds of statistics: what a value of each is, how it is shown, and the number that lists keep of it. */
interface ValueOf {
  /** Of the activation's own scale, or without one; null where it is not defined. */
  readonly measure: number | null;
  readonly share: number;
  readonly count: number;
  readonly flag: boolean;
  readonly shareAbove: ShareAbove;
}
type Kind = keyof ValueOf;

const KINDS: {
  readonly [K in Kind]: {
    readonly element: Extract<ElementType, 'float64' | 'uint8'>;
    /** NaN where it is not defined. */
    readonly number: (value: ValueOf[K]) => number;
    /** @param number as lists keep it, null where it is not defined */
    readonly format: (number: number | null) => string;
    /** What the value adds to the label. */
    readonly detail?: (value: ValueOf[K]) => string;
  };
} = {
  measure: { element: 'float64', number: (value) => value ?? NaN, format: formatValue },
  share: { element: 'float64', number: (value) => value, format: formatShare },
  count: { element: 'float64', number: (value) => value, format: (count) => formatCount(count ?? 0) },
  flag: { element: 'uint8', number: Number, format: (is) => (is ? 'Yes' : 'No') },
  shareAbove: {
    element: 'float64',
    number: ({ share }) => share,
    format: formatShare,
    detail: ({ threshold }) => `, value > ${formatValue(threshold)}`,
  },
};

interface StatisticOf<K extends Kind> {
  readonly kind: K;
  /** What people call it. */
  readonly label: string;
  /** What it is, where the label does not say. */
  readonly meaning?: string;
  /** On pages, in lists of neurons, or both: what is in lists has a column in metrics.arrow. */
  readonly in: 'page' | 'list' | 'both';
  /** Which end of it comes first, where lists may be ranked by it. */
  readonly ranked?: 'highest' | 'lowest';
  /** The statistic that says by how much it can miss, and is shown with it. */
  readonly error?: 'medianError';
  /** Whether metrics.arrow of earlier formats has no such column; it is null in their lists. */
  readonly isNew?: true;
  readonly of: (measured: Measured) => ValueOf[K];
}

type Statistic = { readonly [K in Kind]: StatisticOf<K> }[Kind];

/**
 * The statistics of a neuron (docs/methods.md, Statistics), said once, in the order in which they are read: from here
 * come the figures of a page, the columns of metrics.arrow, what lists are ranked by, and what is shown of them on a
 * page, in Markdown and on a terminal.
 */
export const STATISTICS = {
  mean: {
    kind: 'measure',
    label: 'Mean',
    in: 'both',
    of: ({ summary, neuron, histogram }) => (histogram.count > 0 ? summary.mean[neuron]! : null),
  },
  std: {
    kind: 'measure',
    label: 'Standard deviation',
    meaning: 'Of the population',
    in: 'both',
    of: ({ histogram, std }) => (histogram.count > 0 ? std : null),
  },
  median: {
    kind: 'measure',
    label: 'Median',
    meaning: 'Interpolated in a bin of the histogram; ± the width of the bin',
    in: 'both',
    error: 'medianError',
    of: ({ histogram }) => (histogram.count > 0 ? quantileOf(histogram, 0.5) : null),
  },
  medianError: {
    kind: 'measure',
    label: 'Error of the median',
    in: 'page',
    of: ({ histogram }) => (histogram.count > 0 ? quantileErrorOf(histogram, 0.5) : null),
  },
  min: {
    kind: 'measure',
    label: 'Minimum',
    in: 'both',
    ranked: 'lowest',
    of: ({ histogram: { count, min } }) => (count > 0 ? min : null),
  },
  max: {
    kind: 'measure',
    label: 'Maximum',
    in: 'both',
    ranked: 'highest',
    of: ({ histogram: { count, max } }) => (count > 0 ? max : null),
  },
  q999: {
    kind: 'measure',
    label: '99.9 % quantile',
    in: 'list',
    of: ({ histogram }) => quantileOf(histogram, 0.999),
  },
  skewness: {
    kind: 'measure',
    label: 'Skewness',
    in: 'both',
    ranked: 'highest',
    of: ({ summary, neuron, histogram: { count }, std }) =>
      std > 0 ? summary.m3[neuron]! / count / std ** 3 : null,
  },
  kurtosis: {
    kind: 'measure',
    label: 'Kurtosis (excess)',
    meaning: '0 for a normal distribution',
    in: 'both',
    ranked: 'highest',
    of: ({ summary, neuron, histogram: { count }, std }) =>
      std > 0 ? summary.m4[neuron]! / count / std ** 4 - 3 : null,
  },
  density: {
    kind: 'shareAbove',
    label: 'Density',
    meaning: 'Share of tokens above the threshold',
    in: 'both',
    ranked: 'highest',
    of: ({ summary, neuron, histogram, context }) => densityOf(histogram, summary.positive[neuron]!, context),
  },
  positiveShare: {
    kind: 'share',
    label: 'Share of values > 0',
    in: 'both',
    of: ({ summary, neuron, histogram: { count } }) => (count > 0 ? summary.positive[neuron]! / count : 0),
  },
  topShare: {
    kind: 'share',
    label: 'Top share',
    meaning: 'Share of Σ|value| that the top 1 % of tokens hold',
    in: 'both',
    ranked: 'highest',
    of: ({ histogram }) => topShareOf(histogram),
  },
  count: { kind: 'count', label: 'Tokens counted', in: 'both', of: ({ histogram }) => histogram.count },
  dead: {
    kind: 'flag',
    label: 'Dead',
    in: 'both',
    of: ({ summary, neuron, histogram: { count, max }, context }) =>
      count === 0 ||
      (isRectified(context) ? max <= 0 : peakOf(summary, neuron) <= DEAD_PEAK * context.medianPeak),
  },
  constant: {
    kind: 'flag',
    label: 'Constant',
    in: 'both',
    of: ({ std, context }) => std <= CONSTANT_SPREAD * context.medianPeak,
  },
} as const satisfies Readonly<Record<string, Statistic>>;

type Table = typeof STATISTICS;
export type StatisticName = keyof Table;
type NamesWith<Trait> = { [Name in StatisticName]: Table[Name] extends Trait ? Name : never }[StatisticName];

/** Statistics of a neuron's page. */
export type FigureName = NamesWith<{ readonly in: 'page' | 'both' }>;
/** Statistics that lists of neurons have: the columns of metrics.arrow. */
export type MetricName = NamesWith<{ readonly in: 'list' | 'both' }>;
/** What lists may be ranked by. */
export type SortKey = NamesWith<{ readonly ranked: string }>;

/** All statistics of a neuron's page. */
export type NeuronFigures = { readonly [Name in FigureName]: ValueOf[Table[Name]['kind']] };
/** Those of a list: flags as they are, counts and numbers, null where not defined. */
export type ListedFigures = {
  readonly [Name in MetricName]: Table[Name]['kind'] extends 'flag'
    ? boolean
    : Table[Name]['kind'] extends 'count'
      ? number
      : number | null;
};

/** The type of the column of metrics.arrow that holds a statistic. */
export type MetricElement<Name extends MetricName> = Table[Name]['kind'] extends 'flag' ? 'uint8' : 'float64';

const NAMES = Object.keys(STATISTICS) as StatisticName[];
const statistic = (name: StatisticName): Statistic => STATISTICS[name];

const ERRORS = new Set<string | undefined>(NAMES.map((name) => statistic(name).error));
export const FIGURE_NAMES = NAMES.filter((name): name is FigureName => statistic(name).in !== 'list');
/** Those that are shown as rows of their own. */
export const ROW_NAMES = FIGURE_NAMES.filter((name) => !ERRORS.has(name));
export const METRIC_NAMES = NAMES.filter((name): name is MetricName => statistic(name).in !== 'page');
export const DEFAULT_SORT_KEY = 'topShare' satisfies SortKey;
/** The usual one first. */
export const SORT_KEYS: readonly SortKey[] = [
  DEFAULT_SORT_KEY,
  ...NAMES.filter((name): name is SortKey => 'ranked' in statistic(name) && name !== DEFAULT_SORT_KEY),
];

/** All that a page says of a neuron in numbers, but for what its site left out. */
export function figuresOf(summary: Distributions, neuron: number, context: LayerContext): NeuronFigures {
  const measured = measuredOf(summary, neuron, context);
  const figures = FIGURE_NAMES.map((name) => [name, statistic(name).of(measured)] as const);
  return Object.fromEntries(figures) as unknown as NeuronFigures;
}

/** What lists keep of a neuron, in the order of `METRIC_NAMES`; NaN where it is not defined. */
export function metricsOfNeuron(summary: Distributions, neuron: number, context: LayerContext): number[] {
  const measured = measuredOf(summary, neuron, context);
  return METRIC_NAMES.map((name) => numberOf(statistic(name), measured));
}

/** What a list says of a neuron. @param numberOf the number that is kept of a statistic */
export function listedFigures(numberOf: (name: MetricName) => number): ListedFigures {
  const figures = METRIC_NAMES.map((name): readonly [MetricName, boolean | number | null] => {
    const number = numberOf(name);
    if (STATISTICS[name].kind === 'flag') return [name, number === 1];
    return [name, Number.isFinite(number) ? number : null];
  });
  return Object.fromEntries(figures) as unknown as ListedFigures;
}

/** A statistic of a list as people read it. */
export function formatMetric(name: MetricName, { [name]: value }: ListedFigures): string {
  return formatListed(name, value === null ? null : Number(value));
}

/** A number that lists keep of a statistic, or a middle of such, as people read it; null where it is not defined. */
export function formatListed(name: MetricName, number: number | null): string {
  return KINDS[STATISTICS[name].kind].format(number);
}

/** What a statistic is, where its label does not say. */
export function statisticMeaning(name: SortKey): string | undefined {
  return statistic(name).meaning;
}

/** A statistic as people read it. */
export type StatisticRow = readonly [name: string, value: string, meaning?: string];

/** A statistic of a page as people read it, with its error where it has one. */
export function figureRow(name: FigureName, figures: NeuronFigures): StatisticRow {
  const { label, meaning, error } = statistic(name);
  const text = textOf(statistic(name).kind, figures[name]);
  const miss = error === undefined ? 0 : figures[error];
  const row = [
    label + detailOf(statistic(name).kind, figures[name]),
    miss ? `${text} ± ${textOf('measure', miss)}` : text,
  ] as const;
  return meaning === undefined ? row : [...row, meaning];
}

function textOf<K extends Kind>(kind: K, value: ValueOf[K]): string {
  return KINDS[kind].format(KINDS[kind].number(value));
}

function detailOf<K extends Kind>(kind: K, value: ValueOf[K]): string {
  return KINDS[kind].detail?.(value) ?? '';
}

/** The type of the column of metrics.arrow that holds a statistic. */
export function metricElement<Name extends MetricName>(name: Name): MetricElement<Name> {
  return KINDS[STATISTICS[name].kind].element as MetricElement<Name>;
}

function measuredOf(summary: Distributions, neuron: number, context: LayerContext): Measured {
  const histogram = histogramOf(summary, neuron);
  return { summary, neuron, histogram, context, std: Math.sqrt(summary.m2[neuron]! / histogram.count) };
}

function numberOf<K extends Kind>({ kind, of }: StatisticOf<K>, measured: Measured): number {
  return KINDS[kind].number(of(measured));
}
