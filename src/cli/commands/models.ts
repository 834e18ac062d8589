import type { Command } from 'commander';
import { formatBytes, formatCount } from '../../core/common/numberFormat';
import { cachedModels, removeCachedModel } from '../../runtime/hub/cachedModels';
import type { CachedModel } from '../../runtime/hub/cachedModels';
import { offeredDtypes } from '../../runtime/hub/chooseFiles';
import { downloadModel } from '../../runtime/hub/downloadModel';
import { withoutOnnx } from '../../runtime/hub/hubErrors';
import { describeHubModel, searchModels } from '../../runtime/hub/hubModels';
import type { FoundModel } from '../../runtime/hub/hubModels';
import { hubSettings, type HubSettings } from '../../runtime/hub/hubSettings';
import { RECOMMENDED_MODELS } from '../../runtime/hub/recommendedModels';
import type { RecommendedModel } from '../../runtime/hub/recommendedModels';
import { interruptSignal } from '../environment';
import { showDownload } from '../output/progressBars';
import { printJson, printLine, printNotice, printText } from '../output/print';
import { formatTable, type Column } from '../output/table';
import { checkModel } from './checkModel';

interface JsonFlag {
  json: boolean;
}

/** `models …`: what is on this machine and whether it computes right, and what the Hugging Face Hub has. */
export function registerModelsCommand(program: Command): void {
  const models = program.command('models').description('Finds, downloads and removes models.');
  const command = (usage: string, description: string): Command =>
    models.command(usage).description(description).option('--json', 'print JSON', false);

  command('list', 'Lists the downloaded models, and a few worth a look.').action(listModels);
  command('search <words...>', 'Looks for models with ONNX files on the Hub.').action(search);
  command('show <id>', 'Says in which dtypes a model of the Hub comes, and how large they are.').action(show);
  command('download <id>', 'Downloads a model: org/name or org/name@revision.')
    .option('--dtype <type>', "which of the model's files: fp32, fp16, q8, q4, …")
    .action(download);
  command('check <model>', 'Runs the self-test: what a model computes against its own matrices.')
    .option('--dtype <type>', "which of the model's files: fp32, fp16, q8, q4, …")
    .action(checkModel);
  command('remove <id>', 'Deletes a downloaded model in all its dtypes.')
    .option('--force', 'also when other programs use its weights', false)
    .action(remove);
}

/** The Hub, which says on stderr when it lets us wait. */
async function hub(): Promise<HubSettings> {
  return { ...(await hubSettings()), notice: printNotice };
}

async function listModels({ json }: JsonFlag): Promise<void> {
  const { cacheFolder } = await hubSettings();
  const models = await cachedModels(cacheFolder);
  if (json) {
    printJson({ cache: cacheFolder, models, recommended: RECOMMENDED_MODELS });
    return;
  }
  if (models.length > 0) printText(`${formatTable(CACHED, models)}\n`);
  printLine(
    models.length > 0
      ? `in ${cacheFolder}`
      : `No models are downloaded to ${cacheFolder} yet; “default” is always there.`,
  );
  printText(`\n${formatTable(RECOMMENDED, RECOMMENDED_MODELS)}`);
}

const CACHED: readonly Column<CachedModel>[] = [
  { title: 'downloaded', text: ({ id }) => id },
  { title: 'on disk', align: 'right', text: ({ bytes }) => formatBytes(bytes) },
  { title: 'dtypes', text: ({ dtypes }) => dtypes.join(', ') },
];

const RECOMMENDED: readonly Column<RecommendedModel>[] = [
  { title: 'recommended', text: ({ id }) => id },
  { title: 'about', align: 'right', text: ({ megabytes }) => `${megabytes} MB` },
  { title: '', text: ({ goodFor }) => goodFor },
];

async function search(words: readonly string[], { json }: JsonFlag): Promise<void> {
  const found = await searchModels(await hub(), words.join(' '), interruptSignal());
  if (json) printJson({ models: found });
  else if (found.length === 0) printLine('The Hub knows no model with ONNX files of that name.');
  else printText(formatTable(FOUND, found));
}

const FOUND: readonly Column<FoundModel>[] = [
  { title: 'model', text: ({ id }) => id },
  { title: 'downloads', align: 'right', text: ({ downloads }) => formatCount(downloads) },
  { title: 'licence', text: ({ licence }) => licence ?? 'not given' },
  { title: '', text: ({ isGated }) => (isGated ? 'gated' : '') },
];

async function show(model: string, { json }: JsonFlag): Promise<void> {
  const [id = '', revision = 'main'] = model.split('@');
  const described = await describeHubModel(await hub(), id, revision, interruptSignal());
  const offered = offeredDtypes(described).map(({ dtype, bytes }) => ({ dtype, bytes }));
  if (offered.length === 0) throw withoutOnnx(id);
  const { commit, licence, isGated } = described;
  if (json) {
    printJson({ id, commit, licence, isGated, dtypes: offered });
    return;
  }
  printLine(`${id}, licence ${licence ?? 'not given'}${isGated ? ', gated' : ''}`);
  const columns: readonly Column<(typeof offered)[number]>[] = [
    { title: 'dtype', text: ({ dtype }) => dtype },
    { title: 'size', align: 'right', text: ({ bytes }) => formatBytes(bytes) },
  ];
  printText(`\n${formatTable(columns, offered)}`);
}

async function download(model: string, { dtype, json }: JsonFlag & { dtype?: string }): Promise<void> {
  const display = showDownload();
  try {
    const downloaded = await downloadModel(await hub(), model, {
      ...(dtype !== undefined && { dtype }),
      signal: interruptSignal(),
      onProgress: (progress) => display.update(progress),
    });
    display.stop();
    if (json) printJson(downloaded);
    else
      printLine(`${model} ${downloaded.dtype}, ${formatBytes(downloaded.bytes)}, is in ${downloaded.folder}`);
  } finally {
    display.stop();
  }
}

async function remove(id: string, { force, json }: JsonFlag & { force: boolean }): Promise<void> {
  const { cacheFolder } = await hubSettings();
  const removed = await removeCachedModel(cacheFolder, id, { force });
  if (json) printJson({ removed });
  else printNotice(`Removed ${id}: ${formatBytes(removed.bytes)} are free again.`);
}
