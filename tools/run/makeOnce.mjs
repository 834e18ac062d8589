import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes something unless it was made from just these files before. The hash of what it was made from is kept beside
 * it, written last, so that one whose making was cut short is made anew.
 * @param {string} made its file or folder
 * @param {readonly string[]} inputs files and folders that it is made from
 * @param {() => unknown} make
 * @returns {Promise<boolean>} whether it was made now
 */
export async function makeOnce(made, inputs, make) {
  const stamp = `${made}.made-from`;
  const wanted = await hashOf(inputs);
  const there = await stat(made).catch(() => null);
  if (there && (await readFile(stamp, 'utf8').catch(() => null)) === wanted) return false;
  await rm(stamp, { force: true });
  await make();
  await writeFile(stamp, wanted);
  return true;
}

/** Names and contents, in the order of names. Maps of the bundles name no file that anything is made from. */
async function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const folder = (await stat(input)).isDirectory();
    const names = folder ? (await readdir(input, { recursive: true })).sort() : [''];
    for (const name of names) {
      const file = join(input, name);
      if (name.endsWith('.map') || !(await stat(file)).isFile()) continue;
      hash.update(`${name}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}
