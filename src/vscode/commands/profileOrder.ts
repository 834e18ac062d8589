import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { workspace, type Uri } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { ProfileOrder } from '../profiles/profileEntry';
import { settings } from '../settings';

/**
 * The order for a profile of files and folders, with the settings as they are now.
 * File names are relative to the workspace folder that holds them all, else to the first one's own folder.
 */
export async function orderFor(resources: readonly Uri[]): Promise<ProfileOrder> {
  const [first] = resources;
  if (!first) throw new LensError('usage', 'There is nothing to profile: choose a file or a folder.');
  const remote = resources.find((resource) => resource.scheme !== 'file');
  if (remote) {
    throw new LensError(
      'usage',
      `${remote.toString(true)} is no file on this machine, so it cannot be profiled. Save it first.`,
    );
  }
  const folder = workspace.getWorkspaceFolder(first);
  const inOneFolder =
    folder && resources.every((resource) => workspace.getWorkspaceFolder(resource) === folder);
  return {
    name: nameOf(resources),
    model: settings.model(first),
    dtype: settings.dtype(first),
    inputs: resources.map((resource) => resource.fsPath),
    root: inOneFolder ? folder.uri.fsPath : await folderOf(first.fsPath),
    exclude: settings.exclude(first),
  };
}

function nameOf(resources: readonly Uri[]): string {
  const [first] = resources;
  const name = basename(first?.fsPath ?? '');
  return resources.length === 1 ? name : `${name} and ${resources.length - 1} more`;
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path);
  return found.isDirectory() ? path : dirname(path);
}
