import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { Command } from 'commander';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerNeuronsCommand } from '../../../src/cli/commands/neurons';
import { describePage } from '../../../src/cli/output/neuronPageText';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import { meaningOf } from '../../../src/core/concepts/neuronMeaning';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { NeuronPage } from '../../../src/core/profile/neuronPage';
import { openProfile, type NeuronRow, type Profile } from '../../../src/core/profile/openProfile';
import { metricsFile, summaryFile } from '../../../src/core/profile/profileFiles';
import { pageAsMarkdown } from '../../../src/core/report/pageMarkdown';
import { statisticsRows } from '../../../src/core/stats/describeNeuron';
import { DISTRIBUTION_NAMES } from '../../../src/core/stats/distributionColumns';
import { octaveBins } from '../../../src/core/stats/octaveBins';
import {
  FIGURE_NAMES,
  METRIC_NAMES,
  ROW_NAMES,
  SORT_KEYS,
  STATISTICS,
} from '../../../src/core/stats/statistics';
import { WEIGHT_KEYS } from '../../../src/core/stats/weightFigures';
import { neuronPageSchema } from '../../../src/protocol/neuronPageSchema';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import type { MemoryFileStore } from '../profile/memoryFileStore';

describe('what is said of a statistic in the table', () => {
  let store: MemoryFileStore;
  let profile: Profile;
  let page: NeuronPage;
  let rows: readonly NeuronRow[];

  beforeAll(async () => {
    const request = requestFor(madeTexts(30, 60), {});
    await runProfile(request, SILENT, new AbortController().signal);
    store = request.store;
    profile = await openProfile({ store, compression: zlib });
    page = await profile.page(parseNeuron('L1.N2')!);
    rows = await profile.neurons({ sort: 'topShare', offset: 0, limit: 1000 });
  });

  it('is what the JSON of a neuron and of a list have, and what crosses into a page', () => {
    expect(Object.keys(page.stats).sort()).toEqual([...FIGURE_NAMES, 'excluded'].sort());
    expect(Object.keys(rows[0]!).sort()).toEqual(['id', 'quantity', ...METRIC_NAMES].sort());
    expect(v.parse(neuronPageSchema, page).stats).toEqual(page.stats);
  });

  it('says the same of a neuron on its page and in a list', () => {
    const row = rows.find(({ id }) => id === 'L1.N2')!;
    for (const name of FIGURE_NAMES) {
      if (!(name in row)) continue;
      const { [name]: figure } = page.stats;
      const number = figure !== null && typeof figure === 'object' ? figure.share : figure;
      expect([name, row[name as keyof NeuronRow]]).toEqual([name, number]);
    }
  });

  it('is on the disk: a column a listed statistic, and one of each sum', async () => {
    const columnsOf = async (name: string) =>
      tableFromIPC(await store.readAll(name)).schema.fields.map((field) => field.name);
    expect(await columnsOf(metricsFile(profile.manifest.snapshot))).toEqual([
      ...['table', 'layer', 'neuron'],
      ...METRIC_NAMES,
    ]);
    const { site, quantity } = profile.tables[0]!;
    const stored = await columnsOf(summaryFile(profile.manifest.segments[0]!.name, site, quantity));
    expect(stored.slice(0, DISTRIBUTION_NAMES.length)).toEqual(DISTRIBUTION_NAMES);
  });

  it('ranks lists by what may be ranked, the end first that is said, and the command line offers it', async () => {
    for (const sort of SORT_KEYS) {
      const ranked = (await profile.neurons({ sort, offset: 0, limit: 1000 })).filter(({ dead }) => !dead);
      const values = ranked.map((row) => row[sort]!);
      const upwards = [...values].sort((a, b) => a - b);
      expect(values).toEqual(STATISTICS[sort].ranked === 'lowest' ? upwards : upwards.reverse());
      expect(new Set(values).size).toBeGreaterThan(1);
    }
    const program = new Command();
    registerNeuronsCommand(program);
    const choice = program.commands[0]!.options.find(({ long }) => long === '--sort')!;
    expect(choice.argChoices).toEqual([...SORT_KEYS, 'name', ...WEIGHT_KEYS]);
    const ranked = Object.entries(STATISTICS).filter(([, statistic]) => 'ranked' in statistic);
    expect([...SORT_KEYS].sort()).toEqual(ranked.map(([name]) => name).sort());
  });

  it('is shown alike on the page, in Markdown and on a terminal', () => {
    const shown = statisticsRows(page.stats);
    for (const name of ROW_NAMES) {
      expect(shown.some(([label]) => label.startsWith(STATISTICS[name].label))).toBe(true);
    }
    const [markdown, terminal] = [
      pageAsMarkdown({ ...page, ...meaningOf(null, page.neuron.id) }),
      describePage(page),
    ];
    for (const [label, value] of shown) {
      expect(markdown).toContain(`| ${label} | ${value} |`);
      expect(terminal.split('\n').map((line) => line.replace(/ {2,}/, '\t'))).toContain(`${label}\t${value}`);
    }
  });
});

it('the bins of the kernel are as many as those of a profile', () => {
  const layout = readFileSync('src/runtime/reduction/assembly/layout.ts', 'utf8');
  const known = new Map<string, number>();
  for (const [, name, sum] of layout.matchAll(/^export const (\w+): i32 = (.*);$/gm)) {
    const numbers = sum!.replace(/[A-Z_]+/g, (other) => String(known.get(other)));
    if (/^[\d +*]+$/.test(numbers)) known.set(name!, evaluated(numbers));
  }
  expect(known.get('BIN_COUNT')).toBe(octaveBins.binCount);
});

/** Sums of products of whole numbers. */
function evaluated(sum: string): number {
  const products = sum.split(' + ').map((product) => product.split(' * ').map(Number));
  return products.reduce((total, factors) => total + factors.reduce((a, b) => a * b), 0);
}
