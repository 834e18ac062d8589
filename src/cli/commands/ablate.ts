import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AblationAnswer, NamedShift } from '../../core/cause/ablationAnswer';
import {
  parseNeuronSetting,
  parsePositions,
  type NeuronSetting,
  type Positions,
} from '../../core/cause/change';
import { LensError } from '../../core/common/errors';
import { formatShare, formatValue } from '../../core/common/numberFormat';
import type { Quantity } from '../../core/onnx/site';
import { ablateText } from '../../runtime/cause/ablation';
import { openCause } from '../../runtime/cause/openCause';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { positiveInteger, positiveNumber, wholeNumber } from '../options';
import { printJson, printNotice, printText } from '../output/print';
import { formatTable } from '../output/table';

interface AblateFlags {
  text: string;
  decoderText?: string;
  set: NeuronSetting[];
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

/** `ablate MODEL --text T --set L3.N652=0`: what the output makes of changed neurons. */
export function registerAblateCommand(program: Command): void {
  program
    .command('ablate')
    .description(
      "Changes neurons on a text and shows what the model's output makes of it, beside control neurons.",
    )
    .argument('<model>', 'Hub id, folder, .onnx file, or "default"')
    .requiredOption('--text <text>', 'the prompt')
    .option('--decoder-text <text>', 'of a model with an encoder: what its decoder has written so far')
    .requiredOption(
      '--set <change>',
      'L3.N652=0, *2, +1.5, =clamp:0:1, =mean:DIR, =resample:DIR, or in 99.9 % quantiles =1q:DIR, +1q:DIR (may be repeated)',
      neuronSetting,
      [],
    )
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

function positions(text: string): Positions {
  const found = parsePositions(text);
  if (found) return found;
  throw new InvalidArgumentError('Wanted: all, last, N- or token numbers with commas between, from 0.');
}

async function runAblateCommand(model: string, flags: AblateFlags): Promise<void> {
  const signal = interruptSignal();
  if (flags.set.length === 0)
    throw new LensError('usage', 'Name a neuron with --set, such as --set L3.N652=0.');
  const cause = await openCause({
    model,
    dtype: flags.dtype,
    threads: flags.threads,
    quantity: flags.quantity,
    addresses: flags.set.map(({ address }) => address),
    embeddedModel: EMBEDDED_MODEL,
  });
  try {
    const answer = await ablateText(
      cause,
      {
        text: flags.text,
        ...(flags.decoderText !== undefined && { decoderText: flags.decoderText }),
        settings: flags.set,
        positions: flags.at,
        controls: flags.controls,
        seed: flags.seed,
        generation:
          flags.generate === 0
            ? null
            : { tokens: flags.generate, temperature: flags.temperature ?? 0, topP: flags.topP },
      },
      signal,
    );
    for (const notice of answer.notices) printNotice(notice);
    if (flags.json) printJson(answer);
    else printText(describe(answer));
  } finally {
    await cause.dispose();
  }
}

function describe(answer: AblationAnswer): string {
  const { kl, p, controls, cosine, generated, output } = answer;
  const sizes = controls.map(({ change }) => change).sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1];
  const effect =
    cosine === null
      ? `KL divergence of the ${OUTPUTS[output]} ${formatValue(kl)} nats`
      : `Cosine of the sentence vector before and after ${cosine.sentence.toFixed(6)}`;
  const against =
    median === undefined
      ? ''
      : `; the ${controls.length} controls change it by ${formatValue(median)} at the median, ` +
        `${formatValue(sizes.at(-1) ?? null)} at most; p = ${p?.toFixed(3) ?? '–'}`;
  const lines = [
    `The unchanged model gives the original output (largest difference ${formatValue(answer.identity)}).`,
    `${effect}${against}.`,
  ];
  if (answer.next.length > 0) lines.push('', nextTable(answer.next));
  if (generated) lines.push('', `Before: ${generated.before}`, `After:  ${generated.after}`);
  return lines.join('\n');
}

const OUTPUTS: Readonly<Record<AblationAnswer['output'], string>> = {
  next: 'next token',
  mask: 'masked token',
  classes: 'classes',
  hidden: 'hidden states',
};

function nextTable(next: readonly NamedShift[]): string {
  return formatTable(
    [
      { title: 'token', text: ({ token }: NamedShift) => token },
      { title: 'before', align: 'right', text: ({ before }) => formatShare(before) },
      { title: 'after', align: 'right', text: ({ after }) => formatShare(after) },
      { title: 'points', align: 'right', text: ({ before, after }) => (100 * (after - before)).toFixed(2) },
      {
        title: 'Δ log-prob',
        align: 'right',
        text: ({ before, after }) => Math.log(after / before).toFixed(3),
      },
    ],
    next.slice(0, 20),
  );
}
