import { cpus, loadavg, totalmem } from 'node:os';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import type { BenchRun, BenchSide, Phases } from '../../runtime/bench/benchRequest';
import { ONNXRUNTIME_VERSION } from '../../runtime/onnxruntime/library';
import { VERSION } from '../environment';
import { formatTable } from './table';

/** The runs of each side, in turns; the plain side may have none. */
export type BenchRuns = Readonly<Record<BenchSide, readonly BenchRun[]>>;

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

interface SideResult {
  readonly seconds: readonly number[];
  readonly processorSeconds: readonly number[];
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly batchTokens: number;
}

/** Fields of `bench --json` (docs/cli.md), and more. */
export interface BenchResult {
  readonly model: string;
  readonly tokens: number;
  readonly runs: number;
  readonly bare: SideResult;
  readonly profile: SideResult & { readonly secondsWithStart: readonly number[]; readonly phases: Phases };
  readonly plain: SideResult | null;
  /** Seconds of the profile over those of the bare forward before it. */
  readonly ratio: Spread;
  /** The same of processor time: neighbours on the machine blur it less, and waiting threads count in it. */
  readonly processorRatio: Spread;
  /** Seconds a token of the plain way over those of the bare forward before it. */
  readonly plainRatio: Spread | null;
  readonly peakRssMiB: { readonly bare: number; readonly profile: number; readonly plain: number | null };
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryMiB: number;
    /** Of the last minute, when the bench ended. */
    readonly load: number;
    readonly node: string;
  };
  readonly versions: { readonly neuronLens: string; readonly onnxruntime: string };
}

/** @throws LensError `internal` where the sides did not run the same tokens: a ratio would mean nothing */
export function summariseBench(model: string, runs: BenchRuns): BenchResult {
  const { bare, profile, plain } = runs;
  if (bare[0]!.tokens !== profile[0]!.tokens) {
    throw new LensError(
      'internal',
      `The sides ran different texts: ${bare[0]!.tokens} tokens bare, ${profile[0]!.tokens} profiled.`,
    );
  }
  const overBare = (side: readonly BenchRun[], cost: (run: BenchRun) => number) =>
    spreadOf(side.map((run, turn) => cost(run) / cost(bare[turn]!)));
  const phase = (name: keyof Phases) => median(profile.map(({ phases }) => phases![name]));
  return {
    model,
    tokens: profile[0]!.tokens,
    runs: profile.length,
    bare: sideOf(bare),
    profile: {
      ...sideOf(profile),
      secondsWithStart: profile.map((run) => run.secondsWithStart!),
      phases: {
        tokenise: phase('tokenise'),
        forward: phase('forward'),
        reduce: phase('reduce'),
        write: phase('write'),
        rest: phase('rest'),
      },
    },
    plain: plain.length > 0 ? sideOf(plain) : null,
    ratio: overBare(profile, ({ seconds }) => seconds),
    processorRatio: overBare(profile, ({ processorSeconds }) => processorSeconds),
    plainRatio: plain.length > 0 ? overBare(plain, ({ seconds, tokens }) => seconds / tokens) : null,
    peakRssMiB: {
      bare: peakOf(bare),
      profile: peakOf(profile),
      plain: plain.length > 0 ? peakOf(plain) : null,
    },
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      load: loadavg()[0]!,
      node: process.version,
    },
    versions: { neuronLens: VERSION, onnxruntime: ONNXRUNTIME_VERSION },
  };
}

/** The result for people: a table, the ratios, the phases and the machine. */
export function describeBench(result: BenchResult): string {
  const { bare, profile, plain, ratio, processorRatio, plainRatio, peakRssMiB, machine, versions } = result;
  const rows: [string, SideResult, number][] = [
    ['bare forward', bare, peakRssMiB.bare],
    ['profile', profile, peakRssMiB.profile],
  ];
  if (plain) rows.push(['plain way', plain, peakRssMiB.plain!]);
  const table = formatTable(
    [
      { title: '', text: ([name]) => name },
      { title: 'tokens', align: 'right', text: ([, side]) => formatCount(side.tokens) },
      { title: 'seconds, median', align: 'right', text: ([, side]) => median(side.seconds).toFixed(2) },
      { title: 'tokens/s', align: 'right', text: ([, side]) => formatCount(side.tokensPerSecond) },
      { title: 'peak MiB', align: 'right', text: ([, , peak]) => formatCount(peak) },
      { title: 'batch', align: 'right', text: ([, side]) => formatCount(side.batchTokens) },
    ],
    rows,
  );
  const phases = Object.entries(profile.phases).map(([name, seconds]) => `${name} ${seconds.toFixed(2)} s`);
  return [
    table,
    '',
    `profile / bare ${spreadText(ratio)}, ${result.runs} pairs; of processor time ${spreadText(processorRatio)}`,
    ...(plainRatio ? [`plain way / bare ${spreadText(plainRatio)}, a token`] : []),
    `phases of the profile: ${phases.join(', ')} (tokenising overlaps the others)`,
    `with opening the model and closing it: ${median(profile.secondsWithStart).toFixed(2)} s`,
    `${machine.processor}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; Node ${machine.node}, ` +
      `onnxruntime ${versions.onnxruntime}, neuron-lens ${versions.neuronLens}`,
  ].join('\n');
}

function sideOf(runs: readonly BenchRun[]): SideResult {
  const seconds = runs.map((run) => run.seconds);
  const { tokens, batchTokens } = runs[0]!;
  return {
    seconds,
    processorSeconds: runs.map((run) => run.processorSeconds),
    tokens,
    tokensPerSecond: tokens / median(seconds),
    batchTokens,
  };
}

function peakOf(runs: readonly BenchRun[]): number {
  return Math.max(...runs.map((run) => run.peakRssMiB));
}

function spreadText({ median: middle, min, max }: Spread): string {
  return `${middle.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`;
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
