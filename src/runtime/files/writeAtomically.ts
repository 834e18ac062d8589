import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeError } from './fileErrors';
import { sweepTemporaries, temporaryName } from './temporaryFiles';

/**
 * Writes a whole file or none of it, as `replaceFile` does; missing folders are made.
 * @throws LensError as `replaceFile`
 */
export async function writeAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
  await replaceFile(path, chunks);
}

/**
 * Writes a whole file or none of it: under a temporary name beside it, flushed to the disk, then renamed. What a killed
 * process left half written beside it is removed.
 * @throws LensError `disk-full` or `write-failed`; the file that stood there before is left as it was.
 */
export async function replaceFile(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName());
  try {
    await sweepTemporaries(folder);
    await writeFlushed(temporary, chunks);
    await rename(temporary, path);
    await flushFolder(folder);
  } catch (thrown) {
    // What is left of the file is worth less than the reason why it could not be written.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, thrown);
  }
}

async function writeFlushed(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let written = Promise.resolve();
    // The next chunk is made, and hashed, while the last is on its way to the disk.
    for (const chunk of chunks) {
      await written;
      written = file.writeFile(chunk);
      written.catch(() => undefined);
    }
    await written;
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes new names in a folder themselves survive a power cut. Windows cannot open folders and keeps names in its own journal. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
