import { commands, env, Uri } from 'vscode';
import { formatBytes } from '../../core/common/numberFormat';
import { selfTestStatement } from '../../core/common/selfTest';
import { cachedModels, removeCachedModel } from '../../runtime/hub/cachedModels';
import { hubCacheFolder } from '../../runtime/models/hubCache';
import type { ModelDescription } from '../../protocol/engine';
import type { Services } from '../lens';
import { dropModel, type ModelChoice } from './modelChoice';
import { pickDtype, shortName } from './modelLines';
import type { ListedModel } from './modelList';
import { confirm, tell, warn, whileWorking } from '../surfaces/messages';

/** Opens a model's folder beside the editor; where the editor runs in a browser, its path is copied instead. */
export async function revealModel({ folder }: ListedModel): Promise<void> {
  if (folder === null) return;
  try {
    await commands.executeCommand('revealFileInOS', Uri.file(folder));
  } catch {
    await env.clipboard.writeText(folder);
    void tell(`This editor has no file manager. The path was copied: ${folder}`);
  }
}

/** Runs the self-test of a model anew and says how it went. */
export async function testModel(lens: Services<'engine'>, listed: ListedModel): Promise<void> {
  const choice = await pickDtype(listed);
  if (choice === null) return;
  const title = `Testing ${shortName(listed)}`;
  const { selfTest, dtype } = await opened(lens, title, choice, true);
  const text = `${shortName(listed)}, ${dtype}: ${selfTestStatement(selfTest)}`;
  void (selfTest.passed === false ? warn(text) : tell(text));
}

/** Opens a model once, with a notification while that takes. */
export async function opened(
  { engine }: Services<'engine'>,
  title: string,
  choice: ModelChoice,
  again = false,
): Promise<ModelDescription> {
  return whileWorking(title, () => engine.calls.describeModel({ ...choice, again }));
}

/** Takes a model off the list, or deletes what was downloaded of it once the user agrees. */
export async function removeModel(listed: ListedModel): Promise<void> {
  if (listed.origin === 'downloaded') await deleteDownload(listed);
  else if (listed.origin === 'added') await dropModel(listed.model);
}

async function deleteDownload({ model }: ListedModel): Promise<void> {
  const cache = hubCacheFolder();
  const cached = (await cachedModels(cache)).find(({ id }) => id === model);
  if (!cached) return;
  const shared = cached.isShared ? ' Other programs, such as PyTorch, use weights that lie there, too.' : '';
  const detail = `${formatBytes(cached.bytes)} in ${cached.folder} are deleted, in every dtype.${shared}`;
  const question = `Delete ${model} from disk?`;
  if (!(await confirm(question, detail, 'Delete'))) return;
  await removeCachedModel(cache, model, { force: true });
  await dropModel(model);
}
