import { LensError } from '../../core/common/errors';
import { formatBytes, formatCount, formatDuration } from '../../core/common/numberFormat';
import { offeredDtypes } from '../../runtime/hub/chooseFiles';
import { downloadModel } from '../../runtime/hub/downloadModel';
import { withoutOnnx } from '../../runtime/hub/hubErrors';
import { describeHubModel, searchModels, type FoundModel } from '../../runtime/hub/hubModels';
import type { HubSettings } from '../../runtime/hub/hubSettings';
import type { DownloadProgress } from '../../runtime/hub/progressMeter';
import { RECOMMENDED_MODELS } from '../../runtime/hub/recommendedModels';
import { parseHubId, requireHubId } from '../../runtime/models/hubId';
import { whileWorking, type ProgressStep } from '../surfaces/messages';
import { askForText, pick, pickWithButtons, type PickLine } from '../surfaces/picks';
import type { ModelChoice } from './modelChoice';

interface HubLine extends PickLine {
  readonly id?: string;
}

/** The line of a model that is typed by its id, `org/name`; null for any other text. */
export function lineOfTyped(text: string): (PickLine & { readonly id: string }) | null {
  if (!text.includes('/') || parseHubId(text) === null) return null;
  return { label: text, icon: 'cloud-download', description: 'download this one from the Hub', id: text };
}

/**
 * Lets the user pick a model of the Hub and a dtype, and downloads it into the cache that Python shares.
 * @returns what was downloaded, or null when the user leaves off.
 */
export async function downloadFromHub(hub: HubSettings): Promise<ModelChoice | null> {
  const id = await pickModel(hub);
  return id === null ? null : downloadById(hub, id);
}

/**
 * Lets the user pick a dtype of a model of the Hub, and downloads it.
 * @param id `org/name` or `org/name@revision`
 */
export async function downloadById(hub: HubSettings, id: string): Promise<ModelChoice | null> {
  const dtype = await pickDtype(hub, id);
  return dtype === null ? null : download(hub, id, dtype);
}

async function pickModel(hub: HubSettings): Promise<string | null> {
  const searching = { label: 'Search the Hub by name…', icon: 'search' };
  const recommended = RECOMMENDED_MODELS.map(({ id, goodFor, megabytes }) => ({
    label: id,
    description: `about ${megabytes} MB`,
    detail: goodFor,
    id,
  }));
  const lines: HubLine[] = [searching, { label: 'worth a look', isHead: true }, ...recommended];
  const byId = (text: string): HubLine | null =>
    recommended.some(({ id }) => id === text) ? null : lineOfTyped(text);
  const picked = await pickWithButtons('Download a model: pick one, or type its org/name', lines, byId);
  if (picked === null) return null;
  return picked.line.id ?? (await search(hub));
}

async function search(hub: HubSettings): Promise<string | null> {
  const words = await askForText({
    title: 'Search the Hub for models with ONNX files',
    placeHolder: 'part of a name, such as gpt2',
  });
  if (!words?.trim()) return null;
  const found = await waiting(`Searching for “${words}”`, (signal, report) =>
    searchModels(telling(hub, report), words.trim(), signal),
  );
  if (found.length === 0) {
    throw new LensError('not-found', `The Hub knows no model with ONNX files whose name holds “${words}”.`);
  }
  const items = found.map((model): HubLine => ({
    label: model.id,
    description: factsOf(model),
    id: model.id,
  }));
  return (await pick(items, { title: `Models for “${words}”` }))?.id ?? null;
}

async function pickDtype(hub: HubSettings, id: string): Promise<string | null> {
  const { id: name, revision } = requireHubId(id);
  const model = await waiting(`Asking for the files of ${id}`, (signal, report) =>
    describeHubModel(telling(hub, report), name, revision, signal),
  );
  const offered = offeredDtypes(model);
  if (offered.length === 0) throw withoutOnnx(id);
  const items = offered.map(({ dtype, bytes }) => ({ label: dtype, description: formatBytes(bytes) }));
  const picked = await pick(items, {
    title: `${id}: precision of its weights`,
    placeHolder: factsOf(model),
  });
  return picked?.label ?? null;
}

/** `3,400 downloads · licence mit · gated` */
function factsOf({
  downloads,
  licence,
  isGated,
}: Pick<FoundModel, 'downloads' | 'licence' | 'isGated'>): string {
  const gate = isGated ? ' · gated' : '';
  return `${formatCount(downloads)} downloads · licence ${licence ?? 'not given'}${gate}`;
}

/** Cancelling keeps what has arrived: the next download of the model goes on from there. */
async function download(hub: HubSettings, id: string, dtype: string): Promise<ModelChoice | null> {
  return waiting(`Downloading ${id}`, async (signal, report) => {
    let percent = 0;
    const onProgress = (progress: DownloadProgress): void => {
      const now = (100 * progress.bytesDone) / Math.max(progress.bytesTotal, 1);
      report({ message: messageOf(progress), increment: now - percent });
      percent = now;
    };
    try {
      await downloadModel(telling(hub, report), id, { dtype, signal, onProgress });
      return { model: id, dtype };
    } catch (thrown) {
      if (signal.aborted) return null;
      throw thrown;
    }
  });
}

function messageOf({ bytesDone, bytesTotal, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const left = secondsLeft === null ? [] : [`${formatDuration(secondsLeft)} left`];
  const done = `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`;
  return [done, `${formatBytes(Math.round(bytesPerSecond))}/s`, ...left].join(' · ');
}

/** Shows that something is under way, with a cancel button. */
async function waiting<Result>(
  title: string,
  work: (signal: AbortSignal, report: (step: ProgressStep) => void) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const cancel = () => controller.abort(new LensError('cancelled', `${title}: cancelled.`));
  return whileWorking(title, (report) => work(controller.signal, report), cancel);
}

/** The Hub, which says in a notification when it lets us wait. */
function telling(hub: HubSettings, report: (step: ProgressStep) => void): HubSettings {
  return { ...hub, notice: (message) => report({ message }) };
}
