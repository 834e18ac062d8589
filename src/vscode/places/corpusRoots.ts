import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { window, workspace, type Memento } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import { warn } from '../surfaces/messages';

const KEY = 'corpusRoots';

/** Finds a corpus file on this machine, where its root may lie elsewhere than when it was profiled. */
export async function findCorpusFile(memory: Memento, root: string, file: string): Promise<string | null> {
  const moved = memory.get<Readonly<Record<string, string>>>(KEY, {});
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  for (const candidate of [moved[root] ?? root, ...folders]) {
    const path = join(candidate, file);
    if (await exists(path)) return path;
  }
  const choose = 'Choose Folder…';
  const question = `${file} is not under ${root} on this machine.`;
  if ((await warn(question, choose)) !== choose) return null;
  const chosen = await window.showOpenDialog({
    title: forEditor(`The folder that holds ${file}`),
    canSelectFolders: true,
    canSelectFiles: false,
    ...(workspace.workspaceFolders?.[0] && { defaultUri: workspace.workspaceFolders[0].uri }),
  });
  const folder = chosen?.[0]?.fsPath;
  if (folder === undefined) return null;
  await memory.update(KEY, { ...moved, [root]: folder });
  const path = join(folder, file);
  return (await exists(path)) ? path : null;
}

/** Where the files of a profile are looked for first. */
export function rootOnThisMachine(memory: Memento, root: string): string {
  return memory.get<Readonly<Record<string, string>>>(KEY, {})[root] ?? root;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
