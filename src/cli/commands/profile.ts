import { Option, type Command } from 'commander';
import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { Part } from '../../core/common/neuronAddress';
import type { Quantity } from '../../core/onnx/site';
import { profileCorpus } from '../../runtime/profiling/profileCorpus';
import { EMBEDDED_MODEL, laterInterrupt, VERSION } from '../environment';
import {
  collect,
  layerRange,
  partOption,
  positiveInteger,
  positiveNumber,
  quantities,
  shard,
} from '../options';
import { printJson, printLine, printNotice } from '../output/print';
import { showProfileProgress } from '../output/progressBars';

interface ProfileFlags {
  model: string;
  dtype?: string;
  part?: Part;
  out: string;
  window?: number;
  stride?: number;
  layers?: [number, number];
  quantity: Quantity[];
  include: string[];
  exclude: string[];
  textField?: string;
  limitTokens?: number;
  shard?: { index: number; of: number };
  resume: boolean;
  overwrite: boolean;
  threads?: number;
  keepSpecial: boolean;
  keepSinks: boolean;
  dropSinks?: number;
  tokensPerBatch?: number;
  text: boolean;
  seed: number;
  json: boolean;
}

/** `profile INPUT… --model MODEL --out DIR`: the main job. */
export function registerProfileCommand(program: Command): void {
  program
    .command('profile')
    .description('Runs a model over files, folders or globs and keeps what every FFN neuron responds to.')
    .argument('<input...>', 'files, folders or globs')
    .option('--model <model>', 'Hub id, folder, .onnx file, or "default" for the embedded model', 'default')
    .option('--dtype <type>', "which of the model's files: fp32, fp16, q8, q4, …")
    .addOption(partOption())
    .requiredOption('--out <folder>', 'where the profile goes')
    .option('--window <tokens>', 'tokens a window, special tokens included', positiveInteger)
    .option('--stride <tokens>', 'tokens from one window to the next', positiveInteger)
    .option('--layers <first-last>', 'only these layers, such as 0-5 or 3', layerRange)
    .option('--quantity <list>', 'act, pre, gate, up; several with commas', quantities, ['act'])
    .option('--include <glob>', 'only files that match (may be repeated)', collect, [])
    .option('--exclude <glob>', 'leave matching files out (may be repeated)', collect, [])
    .option('--text-field <name>', 'the field that holds the text in .jsonl, .csv and .json')
    .option('--limit-tokens <count>', 'stop after about this many tokens', positiveInteger)
    .option('--shard <i/n>', 'only the i-th of n parts, i from 1', shard)
    .option('--resume', 'go on with a run that was stopped', false)
    .option('--overwrite', 'replace a profile that is already there', false)
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--keep-special', 'count special tokens in', false)
    .option('--keep-sinks', 'count the first position of causal windows in', false)
    .option(
      '--drop-sinks <ratio>',
      'leave out tokens whose activation norm is this many times the median',
      positiveNumber,
    )
    .option('--tokens-per-batch <count>', 'tokens run at once', positiveInteger)
    .option('--no-text', 'do not keep the text itself in the profile')
    .addOption(new Option('--seed <number>', 'of the random examples').argParser(positiveInteger).default(1))
    .option('--json', 'print the manifest as JSON', false)
    .action(runProfileCommand);
}

async function runProfileCommand(inputs: string[], flags: ProfileFlags): Promise<void> {
  const display = showProfileProgress();
  const { signal, listen } = laterInterrupt();
  try {
    const { json, text, ...request } = flags;
    const manifest = await profileCorpus(
      {
        ...request,
        inputs,
        tested: true,
        keepText: text,
        embeddedModel: EMBEDDED_MODEL,
        tool: `neuron-lens ${VERSION}`,
      },
      { progress: (progress) => display.update(progress), notice: printNotice },
      signal,
      {
        around: (run, prepared) => {
          listen();
          return run(prepared);
        },
      },
    );
    display.stop();
    if (json) printJson(manifest);
    else {
      printLine(
        `${formatCount(manifest.corpus.tokens)} tokens of ${formatCount(manifest.corpus.files)} files in ` +
          `${formatDuration(manifest.seconds)} (${formatCount(manifest.tokensPerSecond)} tokens/s). ` +
          `The profile is ${manifest.state}: ${flags.out}`,
      );
    }
    signal.throwIfAborted();
  } finally {
    display.stop();
  }
}
