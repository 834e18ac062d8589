import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import { LEFT_OUT } from '../../core/common/leftOut';
import { formatCount, formatPercentile, formatValue } from '../../core/common/numberFormat';
import type { NeuronName } from '../../core/concepts/conceptResults';
import { nameOf, nameText } from '../../core/concepts/neuronMeaning';
import type { SelectionAnswer, SelectionRow } from '../../core/selection/selectionAnswer';
import { openProfiledModel } from '../../runtime/profiling/profiledModel';
import { readText } from '../../runtime/files/readText';
import { readFolderConcepts } from '../../runtime/profiles/readFolderConcepts';
import { selectionOfText } from '../../runtime/profiling/selectionOfText';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { offsets, positiveInteger } from '../options';
import { printJson, printNotice, printText } from '../output/print';
import { formatTable, type Column } from '../output/table';

interface SelectionFlags {
  model: string;
  dtype?: string;
  text?: string;
  file?: string;
  range?: [number, number];
  limit: number;
  json: boolean;
}

/** `selection DIR --model MODEL`: which neurons answer to a text, against the profile's background. */
export function registerSelectionCommand(program: Command): void {
  program
    .command('selection')
    .description('Ranks the neurons that answer to a text more than to the rest of the profile.')
    .argument('<profile>', 'profile folder: what "the rest" is')
    .option('--model <model>', 'the model that the profile was made with', 'default')
    .option('--dtype <type>', "which of the model's files")
    .option('--text <text>', 'the text itself')
    .option('--file <file>', 'a file, with --range for a part of it')
    .option('--range <start:end>', 'UTF-16 offsets into the file', offsets)
    .option('--limit <count>', 'how many neurons', positiveInteger, 20)
    .option('--json', 'print JSON', false)
    .action(answer);
}

async function answer(folder: string, flags: SelectionFlags): Promise<void> {
  const signal = interruptSignal();
  const text =
    flags.text ?? (flags.file === undefined ? undefined : await readText(flags.file, signal, printNotice));
  if (text === undefined) throw new LensError('usage', 'Give a text with --text, or a file with --file.');
  const [start, end] = flags.range ?? [0, text.length];
  const profiled = await openProfiledModel(folder, {
    model: flags.model,
    embeddedModel: EMBEDDED_MODEL,
    ...(flags.dtype !== undefined && { dtype: flags.dtype }),
  });
  try {
    const question = { text, start, end, file: flags.file ?? null, rows: flags.limit };
    const result = await selectionOfText(question, profiled, signal);
    const tests = await readFolderConcepts(folder, profiled.profile.manifest);
    const rows = result.rows.map((row): NamedRow => ({ ...row, name: tests && nameOf(tests, row.id) }));
    if (flags.json) printJson({ ...result, rows });
    else printText(describe(result, rows));
  } finally {
    await profiled.dispose();
  }
}

/** A row with what its neuron goes with, if anything. */
type NamedRow = SelectionRow & { readonly name: NeuronName | null };

function describe(result: SelectionAnswer, rows: readonly NamedRow[]): string {
  const { tokens, text } = result;
  const tokenOf = (row: SelectionRow) => {
    const token = tokens[row.peak];
    return token ? text.slice(token.start, token.end) : '';
  };
  const names: Column<NamedRow>[] = rows.some(({ name }) => name !== null)
    ? [{ title: 'goes with', text: ({ name }) => (name ? nameText(name) : '') }]
    : [];
  const table = formatTable(
    [
      { title: 'neuron', text: (row: NamedRow) => row.id },
      { title: 'value', align: 'right', text: (row) => formatValue(row.value) },
      { title: 'percentile', align: 'right', text: (row) => formatPercentile(row.percentile) },
      { title: 'largest in the corpus', align: 'right', text: (row) => formatValue(row.background.max) },
      { title: 'peak token', text: tokenOf },
      ...names,
    ],
    rows,
  );
  const left = leftOutSentence(tokens);
  return (
    `${formatCount(tokens.length)} tokens against ${formatCount(result.background.tokens)} of the profile; ` +
    `${formatCount(result.neurons)} neurons compared.\n${left}\n${table}`
  );
}

/** What is said of tokens of the selection that the profile does not count either; nothing where there are none. */
function leftOutSentence(tokens: SelectionAnswer['tokens']): string {
  const reasons = tokens.flatMap(({ leftOut }) => leftOut ?? []);
  const [first] = reasons;
  if (first === undefined) return '';
  const which = tokens.length === 1 ? 'The token is' : `${formatCount(reasons.length)} of the tokens are`;
  const why = [...new Set(reasons)].map((reason) => LEFT_OUT[reason]).join(', or ');
  return `${which} left out, as in the profile: ${why}.\n`;
}
