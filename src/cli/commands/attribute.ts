import type { Command } from 'commander';
import type { AttributionAnswer, JointAblation, NeuronShare } from '../../core/cause/attributionAnswer';
import { formatValue } from '../../core/common/numberFormat';
import { attributeToken } from '../../runtime/cause/attribution';
import { HeadModel } from '../../runtime/cause/headModel';
import { hasDecoder, withoutDecoder } from '../../runtime/cause/wholeModel';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { positiveInteger, wholeNumber } from '../options';
import { printJson, printNotice, printText } from '../output/print';
import { formatTable } from '../output/table';

interface AttributeFlags {
  text: string;
  decoderText?: string;
  token?: string;
  against?: string;
  limit: number;
  seed: number;
  dtype?: string;
  threads?: number;
  json: boolean;
}

/** `attribute MODEL --text T`: what wrote the next token, down to single neurons. */
export function registerAttributeCommand(program: Command): void {
  program
    .command('attribute')
    .description(
      'Tells what wrote the next token: the share of every part of the model, down to single neurons.',
    )
    .argument('<model>', 'Hub id, folder, .onnx file, or "default"')
    .requiredOption('--text <text>', 'the prompt')
    .option('--decoder-text <text>', 'of a model with an encoder: what its decoder has written so far')
    .option('--token <token>', 'the next token that is asked about, or #ID; the likeliest unless given')
    .option('--against <token>', 'a token whose logit is taken off, or #ID')
    .option('--limit <count>', 'neurons that are listed and checked by ablation', positiveInteger, 50)
    .option('--seed <number>', 'of the neurons that are drawn', wholeNumber, 1)
    .option('--dtype <type>', "which of the model's files")
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runAttributeCommand);
}

async function runAttributeCommand(name: string, flags: AttributeFlags): Promise<void> {
  const { dtype, threads, text, decoderText, token = null, against = null, limit, seed } = flags;
  const signal = interruptSignal();
  const request = { model: name, dtype, threads, embeddedModel: EMBEDDED_MODEL };
  const model = await HeadModel.open(request, null);
  try {
    if (decoderText !== undefined && !hasDecoder(model.whole)) printNotice(withoutDecoder(model.whole));
    const question = { text, decoderText, token, against, neurons: limit, seed };
    const answer = await attributeToken(model, question, signal);
    for (const notice of answer.notices) printNotice(notice);
    if (flags.json) printJson(answer);
    else printText(describe(answer));
  } finally {
    await model.dispose();
  }
}

function describe(answer: AttributionAnswer): string {
  const { token, against, logit, sum, residue, correlation } = answer;
  const subject =
    against === null
      ? `The logit of “${token.text}” (#${token.id})`
      : `The logit of “${token.text}” (#${token.id}) less that of “${against.text}” (#${against.id})`;
  const lines = [
    `The head alone gives the model's logits (largest difference ${formatValue(answer.identity)}).`,
    `${subject} is ${logit.toFixed(4)}; its parts add up to ${sum.toFixed(4)} (residue ${formatValue(residue)}).`,
    '',
    partTable(answer),
    '',
    'Neurons by the size of what they write toward it, and by how much it falls without each:',
    neuronTable(answer.neurons),
  ];
  if (correlation !== null) lines.push('', `The two columns correlate by ${correlation.toFixed(3)}.`);
  if (answer.joint.length > 0) {
    lines.push(
      '',
      'By how much it falls without the first k of them together, and without k others of like size:',
    );
    lines.push(jointTable(answer.joint));
  }
  return lines.join('\n');
}

function partTable({ embedding, attention, ffn, sites, bias }: AttributionAnswer): string {
  const rows: readonly (readonly [string, number])[] = [
    ['embedding', embedding],
    ...attention.map((share, at) => [`attention ${at}`, share] as const),
    ...ffn.map((share, at) => [`FFN ${sites[at] ?? at}`, share] as const),
    ['biases', bias],
  ];
  return formatTable(
    [
      { title: 'part', text: ([name]: readonly [string, number]) => name },
      { title: 'logits', align: 'right', text: ([, share]) => share.toFixed(3) },
    ],
    rows,
  );
}

/** Neurons that are shown as text; the JSON has all that were checked. */
const SHOWN = 20;

function neuronTable(neurons: readonly NeuronShare[]): string {
  return formatTable<NeuronShare>(
    [
      { title: 'neuron', text: ({ id }) => id },
      { title: 'activation', align: 'right', text: ({ activation }) => formatValue(activation) },
      { title: 'direct', align: 'right', text: ({ direct }) => direct.toFixed(4) },
      { title: 'ablated', align: 'right', text: ({ ablated }) => ablated?.toFixed(4) ?? '–' },
    ],
    neurons.slice(0, SHOWN),
  );
}

function jointTable(joint: readonly JointAblation[]): string {
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  return formatTable<JointAblation>(
    [
      { title: 'k', align: 'right', text: ({ k }) => String(k) },
      { title: 'chosen', align: 'right', text: ({ chosen }) => chosen.toFixed(3) },
      { title: 'others (median)', align: 'right', text: ({ random }) => middle(random).toFixed(3) },
      { title: 'lowest', align: 'right', text: ({ random }) => Math.min(...random).toFixed(3) },
      { title: 'highest', align: 'right', text: ({ random }) => Math.max(...random).toFixed(3) },
    ],
    joint,
  );
}
