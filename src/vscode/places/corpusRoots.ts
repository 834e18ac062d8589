import { access } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { window, workspace, type Memento } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import { warn } from '../surfaces/messages';

const KEY = 'corpusRoots';

/** Finds a corpus file on this machine, where its root may lie elsewhere than when it was profiled. */
export async function findCorpusFile(memory: Memento, root: string, file: string): Promise<string | null> {
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  for (const candidate of [...rootsOnThisMachine(memory, root), ...folders]) {
    const path = join(candidate, file);
    if (await exists(path)) return path;
  }
  for (let question = `${file} is not under ${root} on this machine.`; ;) {
    const folder = await chooseFolder(question, file);
    if (folder === null) return null;
    const path = join(folder, file);
    if (await exists(path)) {
      await memory.update(KEY, { ...remembered(memory), [root]: folder });
      return path;
    }
    question = `${file} is not under ${folder} either.`;
  }
}

async function chooseFolder(question: string, file: string): Promise<string | null> {
  const choose = 'Choose Folder…';
  if ((await warn(question, choose)) !== choose) return null;
  const chosen = await window.showOpenDialog({
    title: forEditor(`The folder that holds ${file}`),
    canSelectFolders: true,
    canSelectFiles: false,
    ...(workspace.workspaceFolders?.[0] && { defaultUri: workspace.workspaceFolders[0].uri }),
  });
  return chosen?.[0]?.fsPath ?? null;
}

/** Where the files of a profile are looked for, first where the user said: one that was moved may be back. */
export function rootsOnThisMachine(memory: Memento, root: string): string[] {
  const moved = remembered(memory)[root];
  return moved === undefined ? [root] : [moved, root];
}

/** A file's name from a folder, with forward slashes; null where it is not in it. */
export function nameIn(folder: string, file: string): string | null {
  const name = relative(folder, file).split(sep).join('/');
  return name === '' || name.startsWith('../') || isAbsolute(name) ? null : name;
}

function remembered(memory: Memento): Readonly<Record<string, string>> {
  return memory.get<Readonly<Record<string, string>>>(KEY, {});
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
