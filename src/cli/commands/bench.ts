import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import type { BenchRequest, BenchRun, BenchSetup, BenchSide } from '../../runtime/bench/benchRequest';
import { EMBEDDED_MODEL, VERSION } from '../environment';
import { layerRange, positiveInteger } from '../options';
import { describeBench, summariseBench, type BenchRuns } from '../output/benchResult';
import { printJson, printNotice, printText } from '../output/print';
import type { BenchAnswer, BenchTask } from './benchSide';

interface BenchFlags {
  dtype?: string;
  pairs: number;
  threads: number;
  layers?: [number, number];
  window?: number;
  limitTokens?: number;
  tokensPerBatch?: number;
  bareBatch?: number;
  plain: boolean;
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
    .option('--layers <first-last>', 'profile only these layers', layerRange)
    .option('--window <tokens>', 'tokens a window', positiveInteger)
    .option('--limit-tokens <count>', 'stop after so many tokens', positiveInteger)
    .option('--tokens-per-batch <count>', 'tokens that the profile runs at once', positiveInteger)
    .option(
      '--bare-batch <count>',
      'tokens that the bare side runs at once; tried out unless given',
      positiveInteger,
    )
    .option('--no-plain', 'leave out the plain way: all activations kept, summed up in plain JavaScript')
    .option('--json', 'print JSON', false)
    .action(bench);
}

async function bench(model: string, inputs: string[], flags: BenchFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
  const sides = new BenchSides();
  try {
    const runs = await runInTurns(sides, requestOf(model, inputs, flags, folder), flags);
    const result = summariseBench(model, runs);
    if (flags.json) printJson(result);
    else printText(describeBench(result));
  } finally {
    sides.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function requestOf(model: string, inputs: string[], flags: BenchFlags, folder: string): BenchRequest {
  return {
    ...flags,
    model,
    inputs,
    root: process.cwd(),
    out: join(folder, 'profile'),
    quantity: ['act'],
    tested: false,
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
}

/** Opens every side, then runs them one after the other, as often as was asked. */
async function runInTurns(sides: BenchSides, request: BenchRequest, flags: BenchFlags): Promise<BenchRuns> {
  const planned = await sides.open('profile', { request, plan: null, batchTokens: flags.bareBatch ?? null });
  const opened = await sides.open('bare', planned);
  if (flags.bareBatch === undefined) {
    // The process that tried batch shapes has the memory of the largest: a new one starts with the best.
    sides.end('bare');
    await sides.open('bare', opened);
  }
  const order: BenchSide[] = ['bare', 'profile'];
  if (flags.plain) {
    await sides.open('plain', planned);
    order.push('plain');
  }
  const runs: Record<BenchSide, BenchRun[]> = { bare: [], profile: [], plain: [] };
  for (let turn = 1; turn <= flags.pairs; turn += 1) {
    for (const side of order) {
      const run = await sides.run(side);
      runs[side].push(run);
      printNotice(`${turn} of ${flags.pairs}, ${side}: ${run.seconds.toFixed(2)} s`);
    }
  }
  return runs;
}

/** A process for each side: each has memory of its own, and waits while another runs. */
class BenchSides {
  private readonly processes = new Map<BenchSide, ChildProcess>();

  /** @returns the setup with what the side found out */
  async open(side: BenchSide, setup: BenchSetup): Promise<BenchSetup> {
    const child = fork(process.argv[1]!, ['bench-side', side], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.processes.set(side, child);
    const answer = await this.ask(side, { open: setup });
    if (!('opened' in answer)) throw new LensError('internal', `The ${side} side did not open.`);
    return answer.opened;
  }

  async run(side: BenchSide): Promise<BenchRun> {
    const answer = await this.ask(side, { run: true });
    if (!('ran' in answer)) throw new LensError('internal', `The ${side} side gave no run.`);
    return answer.ran;
  }

  /** Ends one side's process, or all. */
  end(side?: BenchSide): void {
    for (const [name, child] of this.processes) if (side === undefined || name === side) child.kill();
  }

  private async ask(side: BenchSide, task: BenchTask): Promise<BenchAnswer> {
    const child = this.processes.get(side)!;
    const stop = new AbortController();
    child.send(task);
    const message = once(child, 'message', { signal: stop.signal }) as Promise<[BenchAnswer]>;
    const ended = once(child, 'exit', { signal: stop.signal }).then((): [BenchAnswer] => [
      { failed: 'its process ended' },
    ]);
    const [answer] = await Promise.race([message, ended]);
    stop.abort();
    await Promise.allSettled([message, ended]);
    if ('failed' in answer) {
      throw new LensError('internal', `The ${side} side of the bench cannot go on: ${answer.failed}`);
    }
    return answer;
  }
}
