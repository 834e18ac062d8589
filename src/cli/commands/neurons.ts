import { Option, type Command } from 'commander';
import { parseNeuron } from '../../core/common/neuronAddress';
import type { ConceptResults, NeuronName } from '../../core/concepts/conceptResults';
import { meaningOf, nameText } from '../../core/concepts/neuronMeaning';
import { BY_NAME, namedFirst } from '../../core/concepts/namedFirst';
import { LensError } from '../../core/common/errors';
import { formatValue } from '../../core/common/numberFormat';
import type { Example } from '../../core/profile/neuronPage';
import type { NeuronRow, Profile, SortKey } from '../../core/profile/openProfile';
import {
  DEFAULT_SORT_KEY,
  formatMetric,
  SORT_KEYS,
  statisticMeaning,
  STATISTICS,
} from '../../core/stats/statistics';
import { tokenLine, type StrongToken } from '../../core/stats/strongestTokens';
import { WEIGHT_FIGURES, WEIGHT_KEYS, type WeightKey } from '../../core/stats/weightFigures';
import { listedWeights, type ListedWeights } from '../../runtime/cause/listedWeights';
import { openProfileFolder } from '../../runtime/profiles/openProfileFolder';
import { readFolderConcepts } from '../../runtime/profiles/readFolderConcepts';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { wholeNumber } from '../options';
import { printJson, printText } from '../output/print';
import { explainColumns, formatTable, type Column } from '../output/table';

interface NeuronsFlags {
  sort?: SortKey | WeightKey | typeof BY_NAME;
  promotes?: string;
  weights: boolean;
  model?: string;
  dtype?: string;
  layer?: number;
  limit: number;
  examples: boolean;
  explain: boolean;
  tokens: boolean;
  json: boolean;
}

/** Rows of which the strongest tokens are shown unasked. */
const ROWS_WITH_TOKENS = 200;

/** `neurons DIR --sort METRIC`: neurons ranked by a metric, dead ones last. */
export function registerNeuronsCommand(program: Command): void {
  program
    .command('neurons')
    .description('Lists the neurons of a profile, ranked by a metric; dead ones come last.')
    .argument('<profile>', 'profile folder')
    .addOption(
      new Option(
        '--sort <metric>',
        `what to rank by; ${DEFAULT_SORT_KEY} unless given; ${BY_NAME} puts neurons with a name first; figures of the weights come with --weights`,
      ).choices([...SORT_KEYS, BY_NAME, ...WEIGHT_KEYS]),
    )
    .option('--promotes <token>', 'ranks by what neurons write toward a token, named by its text or as #ID')
    .option('--weights', 'shows figures of the weights', false)
    .option('--model <model>', "the profile's model, where it has moved")
    .option('--dtype <type>', "which of the model's files")
    .option('--layer <number>', 'only this layer', wholeNumber)
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .option('--tokens', `strongest tokens of all rows, not only of the first ${ROWS_WITH_TOKENS}`, false)
    .option('--examples', 'show the strongest example of each', false)
    .option('--explain', 'say below the table what stands in its columns', false)
    .option('--json', 'print JSON', false)
    .action(listNeurons);
}

async function listNeurons(folder: string, flags: NeuronsFlags): Promise<void> {
  const profile = await openProfileFolder(folder);
  const tests = await readFolderConcepts(folder, profile.manifest);
  if (flags.sort === BY_NAME && tests === null) {
    throw new LensError(
      'usage',
      `No concepts were tested on ${folder}, so no neuron has a name: test them first with "neuron-lens concepts ${folder}".`,
    );
  }
  const { rows, sort, figures } = await rankedRows(folder, profile, tests, flags);
  const tokens = await tokensOf(profile, rows, flags);
  if (flags.json) {
    const named = rows.map((row) => {
      const { name, concepts } = meaningOf(tests, row.id);
      const weights = figures?.weights && { weights: figures.weights.get(row.id) ?? null };
      const promotes = figures?.toward && { promotes: figures.toward.effects.get(row.id) ?? null };
      const strongest = tokens.get(row.id);
      return {
        ...row,
        ...(strongest && { strongestTokens: strongest }),
        ...{ name, concepts, ...weights, ...promotes },
      };
    });
    const { id, token } = figures?.toward ?? {};
    printJson({
      sort,
      ...(id !== undefined && { promotes: { id, token } }),
      neurons: named,
      manifest: profile.manifest,
    });
    return;
  }
  const examples = flags.examples ? await strongestExamples(profile, rows) : new Map<string, Example>();
  const [neuron, ...others] = columns(examples);
  const shown = [
    neuron!,
    ...tokenColumn(tokens),
    ...nameColumn(tests?.names ?? {}),
    ...others,
    ...weightColumns(figures),
  ];
  printText(formatTable(shown, rows));
  if (flags.explain) printText(`\n${explainColumns(shown)}`);
}

/** The rows that are asked for, with what the model's weights say of them where that is wanted. */
async function rankedRows(
  folder: string,
  profile: Profile,
  tests: ConceptResults | null,
  flags: NeuronsFlags,
): Promise<{ rows: readonly NeuronRow[]; sort: string; figures: ListedWeights | null }> {
  const { sort = DEFAULT_SORT_KEY, limit, layer } = flags;
  const byWeight = WEIGHT_KEYS.find((key) => key === sort);
  const wanted = flags.promotes !== undefined || flags.weights || byWeight !== undefined;
  const query = {
    sort: SORT_KEYS.find((key) => key === sort) ?? DEFAULT_SORT_KEY,
    offset: 0,
    ...(layer !== undefined && { layer }),
  };
  if (!wanted && sort !== BY_NAME) {
    return { rows: await profile.neurons({ ...query, limit }), sort, figures: null };
  }
  const all = await profile.neurons({ ...query, limit: Infinity });
  if (!wanted) return { rows: namedFirst(all, tests).slice(0, limit), sort, figures: null };
  const figures = await listedWeights({
    ...{ folder, manifest: profile.manifest, embeddedModel: EMBEDDED_MODEL },
    ...{ model: flags.model, dtype: flags.dtype, promotes: flags.promotes ?? null },
    weights: flags.weights || byWeight !== undefined,
    signal: interruptSignal(),
  });
  const valueOf = (row: NeuronRow): number | null =>
    figures.toward && flags.sort === undefined
      ? (figures.toward.effects.get(row.id) ?? null)
      : byWeight
        ? (figures.weights?.get(row.id)?.[byWeight] ?? null)
        : null;
  const ranked =
    byWeight || (figures.toward && flags.sort === undefined)
      ? [...all].sort((a, b) => (valueOf(b) ?? -Infinity) - (valueOf(a) ?? -Infinity))
      : all;
  return {
    rows: ranked.slice(0, limit),
    sort: figures.toward && flags.sort === undefined ? 'promotes' : sort,
    figures,
  };
}

function weightColumns(figures: ListedWeights | null): Column<NeuronRow>[] {
  const { toward = null, weights = null } = figures ?? {};
  const columns: Column<NeuronRow>[] = [];
  if (toward) {
    columns.push({
      title: `toward “${toward.token}”`,
      align: 'right',
      text: ({ id }) => toward.effects.get(id)?.toFixed(3) ?? '–',
    });
  }
  if (weights) {
    columns.push(
      ...WEIGHT_KEYS.map((key): Column<NeuronRow> => ({
        title: WEIGHT_FIGURES[key].label.toLowerCase(),
        align: 'right',
        text: ({ id }) => formatValue(weights.get(id)?.[key] ?? null),
      })),
    );
  }
  return columns;
}

/** The tokens that the first rows answer to most; of all rows where that is asked for, as it reads each neuron. */
async function tokensOf(
  profile: Profile,
  rows: readonly NeuronRow[],
  { tokens }: NeuronsFlags,
): Promise<ReadonlyMap<string, readonly StrongToken[]>> {
  const ids = rows.slice(0, tokens ? rows.length : ROWS_WITH_TOKENS).map(({ id }) => id);
  const found = await profile.strongestTokens(ids.map((id) => parseNeuron(id)!));
  return new Map(ids.map((id, at) => [id, found[at]!]));
}

function tokenColumn(tokens: ReadonlyMap<string, readonly StrongToken[]>): Column<NeuronRow>[] {
  const meaning = 'Where most of its largest values are; three of them at most';
  return [{ title: 'strongest tokens', meaning, text: ({ id }) => tokenLine(tokens.get(id) ?? []) }];
}

/** What neurons go with, where concepts were tested. */
function nameColumn(names: Readonly<Record<string, NeuronName>>): Column<NeuronRow>[] {
  if (Object.keys(names).length === 0) return [];
  const meaning =
    'Concept that its values go with on documents held out; AUROC 0.5 is chance, 1 is always; AP is the precision of its highest values';
  return [{ title: 'goes with', meaning, text: ({ id }) => (names[id] ? nameText(names[id]) : '') }];
}

function columns(examples: ReadonlyMap<string, Example>): Column<NeuronRow>[] {
  const numbers: Column<NeuronRow>[] = [
    { title: 'neuron', meaning: 'Layer and number', text: (row) => row.id },
    ...SORT_KEYS.map((name): Column<NeuronRow> => ({
      title: STATISTICS[name].label.toLowerCase(),
      meaning: statisticMeaning(name),
      align: 'right',
      text: (row) => formatMetric(name, row),
    })),
    { title: '', text: (row) => (row.dead ? 'dead' : row.constant ? 'constant' : '') },
  ];
  if (examples.size === 0) return numbers;
  return [
    ...numbers,
    {
      title: 'strongest on',
      meaning: 'The token of its highest value, in brackets',
      text: (row) => phraseOf(examples.get(row.id)),
    },
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
