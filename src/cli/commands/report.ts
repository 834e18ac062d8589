import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import { type NeuronAddress, parseNeuron } from '../../core/common/neuronAddress';
import type { Profile } from '../../core/profile/openProfile';
import { meaningOf } from '../../core/concepts/neuronMeaning';
import { openProfileFolder } from '../../runtime/profiles/openProfileFolder';
import { readFolderConcepts } from '../../runtime/profiles/readFolderConcepts';
import { writeReport } from '../../runtime/report/writeReport';
import { printJson, printLine } from '../output/print';
import { positiveInteger } from '../options';
import { DEFAULT_SORT_KEY } from '../../core/stats/statistics';

/** Folder of the bundled pages, beside the command's own bundle. */
const BUNDLES = join(__dirname, 'webview');
/** More pages than this make a file that browsers open slowly. */
const MOST_NEURONS = 500;

interface ReportFlags {
  out: string;
  neurons?: string;
  limit: number;
  json: boolean;
}

/** `report DIR --out F.html`: neurons as one HTML file. */
export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .description('Writes the pages of neurons as one HTML file to keep or send: no server needed.')
    .argument('<profile>', 'profile folder')
    .requiredOption('--out <file>', 'HTML file to write')
    .option('--neurons <list>', 'which, such as L3.N652,L0.N7; else the first by top share')
    .option('--limit <count>', 'how many where none are named', positiveInteger, 12)
    .option('--json', 'print what was written as JSON', false)
    .action(report);
}

async function report(folder: string, flags: ReportFlags): Promise<void> {
  const profile = await openProfileFolder(folder);
  const addresses = await chosenNeurons(profile, flags);
  const results = await readFolderConcepts(folder, profile.manifest);
  const pages = [];
  for (const address of addresses) {
    const page = await profile.page(address);
    pages.push({ ...page, ...meaningOf(results, page.neuron.id) });
  }
  await writeReport({ profile: basename(resolve(folder)), pages }, flags.out, BUNDLES);
  if (flags.json) printJson({ out: flags.out, neurons: pages.map(({ neuron }) => neuron.id) });
  else printLine(`Wrote ${pages.length} ${pages.length === 1 ? 'neuron' : 'neurons'} to ${flags.out}`);
}

async function chosenNeurons(profile: Profile, flags: ReportFlags): Promise<NeuronAddress[]> {
  const names =
    flags.neurons === undefined
      ? (await profile.neurons({ sort: DEFAULT_SORT_KEY, limit: flags.limit, offset: 0 })).map(({ id }) => id)
      : flags.neurons.split(',');
  if (names.length > MOST_NEURONS) {
    throw new LensError(
      'usage',
      `A report holds at most ${MOST_NEURONS} neurons, and ${names.length} were asked for.`,
    );
  }
  return names.map((name) => {
    const address = parseNeuron(name);
    if (address) return address;
    throw new LensError('usage', `"${name}" is no neuron. Name one like L3.N652: layer 3, neuron 652.`);
  });
}
