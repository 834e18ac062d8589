import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AblationAnswer } from '../../core/cause/ablationAnswer';
import { runsOfToken } from '../../core/cause/corpusAnswer';
import {
  parseLayerSetting,
  parseNeuronSetting,
  parsePositions,
  type NeuronSetting,
  type Positions,
} from '../../core/cause/change';
import { LensError } from '../../core/common/errors';
import { formatSite } from '../../core/common/neuronAddress';
import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { Quantity } from '../../core/onnx/site';
import { ablateText } from '../../runtime/cause/ablation';
import { ablateCorpus } from '../../runtime/cause/corpusAblation';
import { layerCosts, rankLayer } from '../../runtime/cause/layerInTurn';
import { openCause, type Cause } from '../../runtime/cause/openCause';
import { hasDecoder, withoutDecoder } from '../../runtime/cause/wholeModel';
import { openCorpus } from '../../runtime/files/openCorpus';
import { corpusRoot } from '../../runtime/profiling/corpusRoot';
import { EMBEDDED_MODEL, interruptSignal, LANGUAGE_PROGRAM } from '../environment';
import { positiveInteger, positiveNumber, wholeNumber } from '../options';
import { showContinuation, showRuns } from '../output/ablationProgress';
import { ablationText, corpusAblationText, rankedLayerText } from '../output/ablationText';
import { printJson, printNotice, printText } from '../output/print';

interface AblateFlags {
  text?: string;
  decoderText?: string;
  set: NeuronSetting[];
  each?: LayerSetting;
  profile?: string;
  concept?: string;
  limitTokens: number;
  limit: number;
  at: Positions;
  controls: number;
  generate: number;
  temperature?: number;
  topP: number;
  seed: number;
  quantity: Quantity;
  dtype?: string;
  threads?: number;
  json: boolean;
}

/** `ablate MODEL --text T --set L3.N652=0`: what the output makes of changed neurons, on a text or over a corpus. */
export function registerAblateCommand(program: Command): void {
  program
    .command('ablate')
    .description(
      "Changes neurons on a text and shows what the model's output makes of it, beside control neurons.",
    )
    .argument('<model>', 'Hub id, folder, .onnx file, or "default"')
    .argument('[corpus...]', 'files, folders or globs: over these the change of the loss')
    .option('--text <text>', 'the prompt')
    .option('--decoder-text <text>', 'of a model with an encoder: what its decoder has written so far')
    .option(
      '--set <change>',
      'L3.N652=0, *2, +1.5, =clamp:0:1, =mean:DIR, =resample:DIR, or in 99.9 % quantiles =1q:DIR, +1q:DIR (may be repeated)',
      neuronSetting,
      [],
    )
    .option('--each <change>', 'of a layer, such as L3=0: each of its neurons alone, ranked', layerSetting)
    .option('--profile <folder>', 'over a corpus: the profile that says where a neuron is in its top band')
    .option(
      '--concept <name>',
      'over a corpus: a concept that was tested on the profile, its tokens and the rest',
    )
    .option('--limit-tokens <count>', 'over a corpus: tokens that are run', positiveInteger, 4000)
    .option('--limit <count>', 'of a ranked layer: neurons that are shown', positiveInteger, 20)
    .option('--at <tokens>', 'all, last, N- or a list such as 0,3,7', positions, 'all')
    .option('--controls <count>', 'control neurons of the same layer', wholeNumber, 20)
    .option('--generate <count>', 'go on with the text, at most 200 tokens', wholeNumber, 0)
    .option(
      '--temperature <value>',
      'draw the continuation; the likeliest token unless given',
      positiveNumber,
    )
    .option('--top-p <share>', 'share of probability that is drawn from', positiveNumber, 1)
    .option('--seed <number>', 'of the controls and of all that is drawn', wholeNumber, 1)
    .addOption(
      new Option('--quantity <name>', 'what is changed of a neuron: what it hands on, or a factor of that')
        .choices(['act', 'pre', 'gate', 'up'])
        .default('act'),
    )
    .option('--dtype <type>', "which of the model's files")
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runAblateCommand);
}

function neuronSetting(text: string, previous: NeuronSetting[]): NeuronSetting[] {
  const found = parseNeuronSetting(text);
  if (found) return [...previous, found];
  throw new InvalidArgumentError(
    'Wanted: a neuron and what becomes of it, such as L3.N652=0, L3.N652*2, L3.N652+1.5 or L3.N652=mean:DIR.',
  );
}

/** A layer, by its first neuron, and what becomes of each of its neurons. */
type LayerSetting = NeuronSetting;

function layerSetting(text: string): LayerSetting {
  const found = parseLayerSetting(text);
  if (found) return found;
  throw new InvalidArgumentError(
    'Wanted: a layer and what becomes of its neurons, such as L3=0 or L3=mean:DIR.',
  );
}

function positions(text: string): Positions {
  const found = parsePositions(text);
  if (found) return found;
  throw new InvalidArgumentError('Wanted: all, last, N- or token numbers with commas between, from 0.');
}

async function runAblateCommand(model: string, inputs: string[], flags: AblateFlags): Promise<void> {
  const signal = interruptSignal();
  const { text, each } = flags;
  if ((text === undefined) === (inputs.length === 0)) {
    throw new LensError('usage', 'Give either a text with --text, or files and folders to run over.');
  }
  if ((each === undefined) === (flags.set.length === 0)) {
    throw new LensError(
      'usage',
      'Name neurons with --set, such as --set L3.N652=0, or a layer with --each L3=0.',
    );
  }
  if (text === undefined && (each || flags.generate > 0 || flags.at !== 'all')) {
    throw new LensError(
      'usage',
      'Over a corpus neurons are changed at all tokens: --each, --generate and --at need --text.',
    );
  }
  if (text !== undefined && flags.profile !== undefined) {
    throw new LensError('usage', 'A profile tells tokens of a corpus apart: leave --profile out, or --text.');
  }
  if (flags.concept !== undefined && flags.profile === undefined) {
    throw new LensError('usage', 'Name the profile that the concept was tested on as well: --profile DIR.');
  }
  const cause = await openCause({
    ...{ model, dtype: flags.dtype, threads: flags.threads, quantity: flags.quantity },
    ...{ text, decoderText: flags.decoderText },
    addresses: each ? [each.address] : flags.set.map(({ address }) => address),
    // In half precision figures depend on which layers are open: they are to be those of the page.
    others: true,
    embeddedModel: EMBEDDED_MODEL,
  });
  try {
    if (flags.decoderText !== undefined && !hasDecoder(cause)) printNotice(withoutDecoder(cause));
    if (text === undefined) await runOverCorpus(cause, inputs, flags, signal);
    else if (each) await runLayer(cause, text, each, flags, signal);
    else await runOnText(cause, text, flags, signal);
  } finally {
    await cause.dispose();
  }
}

async function runOnText(cause: Cause, text: string, flags: AblateFlags, signal: AbortSignal): Promise<void> {
  const { decoderText, seed, controls } = flags;
  const continuation = showContinuation();
  const generation = { tokens: flags.generate, temperature: flags.temperature ?? 0, topP: flags.topP };
  const question = {
    ...{ text, settings: flags.set, positions: flags.at, controls, seed },
    ...(decoderText !== undefined && { decoderText }),
    generation: flags.generate === 0 ? null : generation,
  };
  const show = (answer: AblationAnswer): void => {
    for (const notice of answer.notices) printNotice(notice);
    if (!flags.json) printText(ablationText(answer));
  };
  const told = flags.json ? {} : { measured: show, written: continuation.written };
  const answer = await ablateText(cause, question, signal, told);
  if (flags.json || !answer.generated) show(answer);
  if (flags.json) printJson(answer);
  continuation.end();
  signal.throwIfAborted();
}

async function runLayer(
  cause: Cause,
  text: string,
  { address, setting }: LayerSetting,
  flags: AblateFlags,
  signal: AbortSignal,
): Promise<void> {
  const display = showRuns('neurons');
  const question = {
    ...{ text, layer: address, setting, positions: flags.at, seed: flags.seed },
    decoderText: flags.decoderText,
  };
  try {
    const costs = await layerCosts(cause, text);
    const cost = costs.find(({ layer }) => layer === formatSite(address));
    if (cost) printNotice(`${formatCount(cost.neurons)} neurons, about ${formatDuration(cost.seconds)}.`);
    const ranked = await rankLayer(cause, question, signal, {
      progress: (done, total) => display.update({ done, total }),
    });
    display.stop();
    if (flags.json) printJson(ranked);
    else printText(rankedLayerText(ranked, flags.limit));
  } finally {
    display.stop();
  }
}

async function runOverCorpus(
  cause: Cause,
  inputs: readonly string[],
  { set, controls, seed, limitTokens, profile, concept: name, json }: AblateFlags,
  signal: AbortSignal,
): Promise<void> {
  const root = await corpusRoot(inputs);
  const corpus = await openCorpus({ root, inputs: inputs.map((input) => resolve(input)), ignoreFiles: true });
  const runs = runsOfToken(controls);
  printNotice(
    `Up to ${formatCount(limitTokens)} tokens, each run ${runs} times: as much as ` +
      `${formatCount(runs * limitTokens)} tokens of the model alone.`,
  );
  const display = showRuns('windows');
  const concept =
    name === undefined || profile === undefined
      ? null
      : { name, folder: profile, languageProgram: LANGUAGE_PROGRAM };
  const question = { corpus, settings: set, controls, seed, limitTokens, profile: profile ?? null, concept };
  try {
    const answer = await ablateCorpus(cause, question, signal, {
      progress: (done, total) => display.update({ done, total }),
    });
    display.stop();
    for (const notice of answer.notices) printNotice(notice);
    if (json) printJson(answer);
    else printText(corpusAblationText(answer));
  } finally {
    display.stop();
  }
}
