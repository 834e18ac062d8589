import { Option, type Command } from 'commander';
import { parseNeuron } from '../../core/common/neuronAddress';
import type { NeuronName } from '../../core/concepts/conceptResults';
import { meaningOf, nameText } from '../../core/concepts/neuronMeaning';
import type { Example } from '../../core/profile/neuronPage';
import type { NeuronRow, Profile, SortKey } from '../../core/profile/openProfile';
import { DEFAULT_SORT_KEY, formatMetric, SORT_KEYS, STATISTICS } from '../../core/stats/statistics';
import { openProfileFolder } from '../../runtime/profiles/openProfileFolder';
import { readFolderConcepts } from '../../runtime/profiles/readFolderConcepts';
import { wholeNumber } from '../options';
import { printJson, printText } from '../output/print';
import { formatTable, type Column } from '../output/table';

interface NeuronsFlags {
  sort: SortKey;
  layer?: number;
  limit: number;
  examples: boolean;
  json: boolean;
}

/** `neurons DIR --sort METRIC`: neurons ranked by a metric, dead ones last. */
export function registerNeuronsCommand(program: Command): void {
  program
    .command('neurons')
    .description('Lists the neurons of a profile, ranked by a metric; dead ones come last.')
    .argument('<profile>', 'profile folder')
    .addOption(new Option('--sort <metric>', 'what to rank by').choices(SORT_KEYS).default(DEFAULT_SORT_KEY))
    .option('--layer <number>', 'only this layer', wholeNumber)
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .option('--examples', 'show the strongest example of each', false)
    .option('--json', 'print JSON', false)
    .action(listNeurons);
}

async function listNeurons(folder: string, flags: NeuronsFlags): Promise<void> {
  const profile = await openProfileFolder(folder);
  const rows = await profile.neurons({
    sort: flags.sort,
    limit: flags.limit,
    offset: 0,
    ...(flags.layer !== undefined && { layer: flags.layer }),
  });
  const tests = await readFolderConcepts(folder, profile.manifest);
  if (flags.json) {
    const named = rows.map((row) => {
      const { name, concepts } = meaningOf(tests, row.id);
      return { ...row, name, concepts };
    });
    printJson({ sort: flags.sort, neurons: named, manifest: profile.manifest });
    return;
  }
  const examples = flags.examples ? await strongestExamples(profile, rows) : new Map<string, Example>();
  printText(formatTable([...columns(examples), ...nameColumn(tests?.names ?? {})], rows));
}

/** What neurons go with, where concepts were tested. */
function nameColumn(names: Readonly<Record<string, NeuronName>>): Column<NeuronRow>[] {
  if (Object.keys(names).length === 0) return [];
  return [{ title: 'goes with', text: ({ id }) => (names[id] ? nameText(names[id]) : '') }];
}

function columns(examples: ReadonlyMap<string, Example>): Column<NeuronRow>[] {
  const numbers: Column<NeuronRow>[] = [
    { title: 'neuron', text: (row) => row.id },
    ...SORT_KEYS.map((name): Column<NeuronRow> => ({
      title: STATISTICS[name].label.toLowerCase(),
      align: 'right',
      text: (row) => formatMetric(name, row),
    })),
    { title: '', text: (row) => (row.dead ? 'dead' : row.constant ? 'constant' : '') },
  ];
  if (examples.size === 0) return numbers;
  return [
    ...numbers,
    { title: 'strongest on', text: (row) => phraseOf(examples.get(row.id)) },
    { title: 'at', text: (row) => placeOf(examples.get(row.id)) },
  ];
}

async function strongestExamples(
  profile: Profile,
  rows: readonly NeuronRow[],
): Promise<Map<string, Example>> {
  const found = new Map<string, Example>();
  for (const { id } of rows) {
    const page = await profile.page(parseNeuron(id)!);
    const [top] = page.examples.top;
    if (top) found.set(id, top);
  }
  return found;
}

/** The few words around the token, the token itself in brackets. */
function phraseOf(example: Example | undefined): string {
  if (!example) return '';
  const { text, start } = example.context;
  const before = text.slice(0, example.start - start);
  const after = text.slice(example.end - start);
  return `${before.slice(-24)}[${example.token}]${after.slice(0, 12)}`;
}

function placeOf(example: Example | undefined): string {
  return example ? `${example.file}:${example.line}:${example.column}` : '';
}
