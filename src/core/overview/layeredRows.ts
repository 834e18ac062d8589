import { formatSite, neuronFormat, parseNeuron } from '../common/neuronAddress';
import type { MetricsTable } from '../profile/metrics/metricsTable';
import { defaultQuantity, type ProfiledTable } from '../profile/profiledTable';

/** A layer of a stack: all of its FFNs, or experts, together. */
export interface OverviewLayer {
  /** Such as `L3` or `enc:L3`. */
  readonly layer: string;
  /** Runs of rows of the metrics, `[first, end)`. */
  readonly rows: readonly (readonly [first: number, end: number])[];
  readonly neurons: number;
}

/** The neurons of the quantity that lists rank, layer by layer, with what finds their rows and their ids. */
export class LayeredRows {
  readonly layers: readonly OverviewLayer[];
  readonly neurons: number;
  private readonly sites: readonly NeuronRun[];

  constructor(metrics: Pick<MetricsTable, 'firstRowOf'>, tables: readonly ProfiledTable[]) {
    const quantity = defaultQuantity(tables);
    this.sites = tables.flatMap(({ site, quantity: profiled }, table): NeuronRun[] => {
      if (profiled !== quantity) return [];
      const first = metrics.firstRowOf(table);
      const layer = formatSite({ ...site, block: null, expert: null });
      return [{ site: formatSite(site), layer, first, end: first + site.dFf, idOf: neuronFormat(site) }];
    });
    this.neurons = this.sites.reduce((sum, { first, end }) => sum + end - first, 0);
    this.layers = layersOf(this.sites);
  }

  /** The neuron of a row, such as `L3.N652`. */
  idOf(row: number): string {
    const { idOf, first } = this.sites.find((site) => row >= site.first && row < site.end)!;
    return idOf(row - first);
  }

  /** The row of a neuron, by its id; null where the profile does not have it. */
  rowOf(id: string): number | null {
    const address = parseNeuron(id);
    const name = address && formatSite(address);
    const site = this.sites.find((one) => one.site === name);
    if (!address || !site || site.first + address.neuron >= site.end) return null;
    return site.first + address.neuron;
  }
}

/** Rows of the metrics that are a layer's neurons. */
export function rowsOf({ rows }: OverviewLayer): number[] {
  return rows.flatMap(([first, end]) => Array.from({ length: end - first }, (_, at) => first + at));
}

interface NeuronRun {
  readonly site: string;
  readonly layer: string;
  readonly first: number;
  readonly end: number;
  readonly idOf: (neuron: number) => string;
}

function layersOf(sites: readonly NeuronRun[]): OverviewLayer[] {
  return [...new Set(sites.map(({ layer }) => layer))].map((layer) => {
    const rows = sites.filter((site) => site.layer === layer).map(({ first, end }) => [first, end] as const);
    return { layer, rows, neurons: rows.reduce((sum, [first, end]) => sum + end - first, 0) };
  });
}
