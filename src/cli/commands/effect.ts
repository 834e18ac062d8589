import { InvalidArgumentError, type Command } from 'commander';
import type {
  EffectAnswer,
  LayerCalibration,
  PromotedTokens,
  TokenEffect,
} from '../../core/cause/effectAnswer';
import { parseNeuron, type NeuronAddress } from '../../core/common/neuronAddress';
import { formatValue } from '../../core/common/numberFormat';
import { effectOf } from '../../runtime/cause/effect';
import { HeadModel } from '../../runtime/cause/headModel';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { positiveInteger } from '../options';
import { printJson, printNotice, printText } from '../output/print';
import { formatTable } from '../output/table';

interface EffectFlags {
  text?: string;
  profile?: string;
  limit: number;
  calibration: boolean;
  dtype?: string;
  threads?: number;
  json: boolean;
}

/** `effect MODEL L3.N652`: the tokens that a neuron's output weights promote and suppress. */
export function registerEffectCommand(program: Command): void {
  program
    .command('effect')
    .description(
      'Shows the tokens that a neuron promotes and suppresses, through its weights alone and through the model’s own head.',
    )
    .argument('<model>', 'Hub id, folder, .onnx file, or "default"')
    .argument('<neuron>', 'such as L3.N652', neuron)
    .option('--text <text>', 'the text whose residual stream the head is run on; a fixed one unless given')
    .option(
      '--profile <folder>',
      "a profile of the model: the neuron's strength is then its 99.9 % quantile there",
    )
    .option('--limit <count>', 'tokens on each side', positiveInteger, 10)
    .option('--no-calibration', 'do not compare direct effects with ablations')
    .option('--dtype <type>', "which of the model's files")
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runEffectCommand);
}

function neuron(text: string): NeuronAddress {
  const address = parseNeuron(text);
  if (address) return address;
  throw new InvalidArgumentError('Wanted: a neuron such as L3.N652 or dec:L3.N7.');
}

async function runEffectCommand(name: string, address: NeuronAddress, flags: EffectFlags): Promise<void> {
  const { dtype, threads, text = null, profile = null } = flags;
  const signal = interruptSignal();
  const request = { model: name, dtype, threads, embeddedModel: EMBEDDED_MODEL };
  const model = await HeadModel.open(request, address.part);
  try {
    const question = { address, text, profile, tokens: flags.limit, calibrate: flags.calibration };
    const answer = await effectOf(model, question, signal);
    for (const notice of answer.notices) printNotice(notice);
    if (flags.json) printJson(answer);
    else printText(describe(answer));
  } finally {
    await model.dispose();
  }
}

const SOURCES: Readonly<Record<EffectAnswer['strengthOf'], string>> = {
  profile: 'its 99.9 % quantile in the profile',
  text: 'its largest in the text',
  one: 'an activation of 1',
};

function describe(answer: EffectAnswer): string {
  const { weights, weightsReason, head, strength, strengthOf, agreement, shape, calibration } = answer;
  const lines = [
    `The head alone gives the model's logits (largest difference ${formatValue(answer.identity)}).`,
    `‖w_out‖ ${formatValue(shape.outNorm)}, ‖w_in‖ ${formatValue(shape.inNorm)}, cos(w_in, w_out) ${formatValue(shape.cosine)}; ` +
      `over the vocabulary skewness ${formatValue(shape.skewness)}, kurtosis ${formatValue(shape.kurtosis)} (excess)`,
    '',
    weights
      ? 'Through the weights alone (logits for an activation of 1, where the final norm scales by 1):'
      : `Through the weights alone: not shown, as ${weightsReason ?? ''}.`,
  ];
  if (weights) lines.push(tokenTable(weights));
  lines.push(
    '',
    `Through the model's own head, at ${formatValue(strength)} (${SOURCES[strengthOf]}), in logits:`,
    tokenTable(head),
  );
  if (agreement !== null) lines.push('', `The two correlate by ${agreement.toFixed(3)} over the vocabulary.`);
  if (calibration) lines.push('', CALIBRATION, calibrationTable(calibration));
  return lines.join('\n');
}

const CALIBRATION =
  'How well direct effects foretell what the logits are without a neuron (correlation with ablations, by layer):';

function tokenTable({ promoted, suppressed }: PromotedTokens): string {
  const rows = promoted.map((high, at) => ({ high, low: suppressed[at]! }));
  type Row = (typeof rows)[number];
  const effect = (side: (row: Row) => TokenEffect) => (row: Row) => side(row).effect.toFixed(3);
  return formatTable<Row>(
    [
      { title: 'promoted', text: ({ high }) => high.token },
      { title: '', align: 'right', text: effect(({ high }) => high) },
      { title: 'suppressed', text: ({ low }) => low.token },
      { title: '', align: 'right', text: effect(({ low }) => low) },
    ],
    rows,
  );
}

function calibrationTable(layers: readonly LayerCalibration[]): string {
  const figure = (value: number | null): string => value?.toFixed(3) ?? '–';
  return formatTable<LayerCalibration>(
    [
      { title: 'site', text: ({ site }) => site },
      { title: 'neurons', align: 'right', text: ({ neurons }) => String(neurons) },
      { title: 'weights alone', align: 'right', text: ({ weights }) => figure(weights) },
      { title: 'own head', align: 'right', text: ({ head }) => figure(head) },
    ],
    layers,
  );
}
