import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import type { BenchRequest, BenchRun, BenchSide, Phases } from '../../runtime/bench/benchRequest';
import { ONNXRUNTIME_VERSION } from '../../runtime/onnxruntime/version';
import { EMBEDDED_MODEL, VERSION } from '../environment';
import { layerRange, positiveInteger } from '../options';
import { printJson, printLine, printNotice } from '../output/print';
import { formatTable } from '../output/table';
import type { BenchAnswer, BenchOrder } from './benchSide';

interface BenchFlags {
  dtype?: string;
  pairs: number;
  threads: number;
  layers?: [number, number];
  window?: number;
  tokensPerBatch?: number;
  json: boolean;
}

/** `bench MODEL INPUT…`: the profile against the bare forward, in turns, as a ratio. */
export function registerBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('Times a profile against the bare forward pass of the same windows, in turns.')
    .argument('<model>', 'Hub id, folder, .onnx file, or "default"')
    .argument('<input...>', 'files, folders or globs')
    .option('--dtype <type>', "which of the model's files")
    .option('--pairs <count>', 'how often each is run', positiveInteger, 5)
    .option('--threads <count>', 'threads of the forward pass', positiveInteger, 2)
    .option('--layers <first-last>', 'only these layers', layerRange)
    .option('--window <tokens>', 'tokens a window', positiveInteger)
    .option('--tokens-per-batch <count>', 'tokens that the profile runs at once', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(bench);
}

async function bench(model: string, inputs: string[], { pairs, json, ...flags }: BenchFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
  const request: BenchRequest = {
    ...flags,
    model,
    inputs,
    root: process.cwd(),
    out: join(folder, 'profile'),
    quantity: ['act'],
    include: [],
    exclude: [],
    resume: false,
    overwrite: true,
    keepSpecial: false,
    keepSinks: false,
    keepText: true,
    seed: 1,
    embeddedModel: EMBEDDED_MODEL,
    tool: `neuron-lens ${VERSION}`,
  };
  const sides = { bare: startSide('bare'), profile: startSide('profile') };
  try {
    await ask(sides.bare, { open: request });
    await ask(sides.profile, { open: request });
    const runs: Record<BenchSide, BenchRun[]> = { bare: [], profile: [] };
    for (let pair = 1; pair <= pairs; pair += 1) {
      for (const side of ['bare', 'profile'] as const) {
        const answer = await ask(sides[side], { run: true });
        if (!('ran' in answer)) throw new LensError('internal', `The ${side} side gave no run.`);
        runs[side].push(answer.ran);
        printNotice(`pair ${pair} of ${pairs}, ${side}: ${answer.ran.seconds.toFixed(2)} s`);
      }
    }
    const result = summarise(model, runs);
    if (json) printJson(result);
    else printLine(describe(result));
  } finally {
    sides.bare.kill();
    sides.profile.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function startSide(side: BenchSide): ChildProcess {
  return fork(process.argv[1]!, ['bench-side', side], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function ask(side: ChildProcess, order: BenchOrder): Promise<BenchAnswer> {
  side.send(order);
  const ended = once(side, 'exit').then((): BenchAnswer => ({ failed: 'its process ended' }));
  const [answer] = (await Promise.race([once(side, 'message'), ended.then((reply) => [reply])])) as [
    BenchAnswer,
  ];
  if ('failed' in answer) throw new LensError('internal', `The bench cannot go on: ${answer.failed}`);
  return answer;
}

/** Fields of `bench --json` (docs/cli.md), and more. */
function summarise(model: string, runs: Record<BenchSide, BenchRun[]>) {
  const ratios = runs.profile.map((run, pair) => run.seconds / runs.bare[pair]!.seconds);
  const seconds = (side: BenchSide) => runs[side].map((run) => run.seconds);
  const peak = (side: BenchSide) => Math.max(...runs[side].map((run) => run.peakRssMiB));
  const phase = (name: keyof Phases) => median(runs.profile.map((run) => run.phases?.[name] ?? 0));
  return {
    model,
    tokens: runs.profile[0]!.tokens,
    runs: runs.profile.length,
    bare: { seconds: seconds('bare'), batchTokens: runs.bare[0]!.batchTokens },
    profile: {
      seconds: seconds('profile'),
      batchTokens: runs.profile[0]!.batchTokens,
      phases: {
        tokenise: phase('tokenise'),
        forward: phase('forward'),
        reduce: phase('reduce'),
        write: phase('write'),
      },
    },
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    peakRssMiB: { bare: peak('bare'), profile: peak('profile') },
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
    onnxruntime: ONNXRUNTIME_VERSION,
  };
}

function describe(result: ReturnType<typeof summarise>): string {
  const { bare, profile, ratio, peakRssMiB } = result;
  const table = formatTable(
    [
      { title: '', text: (row: string[]) => row[0]! },
      { title: 'seconds, median', align: 'right', text: (row) => row[1]! },
      { title: 'tokens/s', align: 'right', text: (row) => row[2]! },
      { title: 'peak MiB', align: 'right', text: (row) => row[3]! },
      { title: 'batch', align: 'right', text: (row) => row[4]! },
    ],
    [
      ['bare forward', ...figures(bare, result.tokens, peakRssMiB.bare)],
      ['profile', ...figures(profile, result.tokens, peakRssMiB.profile)],
    ],
  );
  const phases = Object.entries(profile.phases).map(([name, value]) => `${name} ${value.toFixed(2)} s`);
  return (
    `${table}\n\nratio ${ratio.median.toFixed(3)} (${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)}), ` +
    `${result.runs} pairs, ${formatCount(result.tokens)} tokens\nphases, which may overlap: ${phases.join(', ')}`
  );
}

function figures(
  side: { seconds: number[]; batchTokens: number },
  tokens: number,
  peakRssMiB: number,
): string[] {
  const seconds = median(side.seconds);
  return [
    seconds.toFixed(2),
    formatCount(tokens / seconds),
    formatCount(peakRssMiB),
    formatCount(side.batchTokens),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
