import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LensError } from '../../core/common/errors';
import { isMissing, writeError } from '../files/fileErrors';
import { chunksOf } from './answerBody';
import { unreachable } from './hubErrors';
import type { HubFile } from './hubModels';
import { askHub, pause } from './hubRequest';
import type { HubSettings } from './hubSettings';

/**
 * A connection that brings a thousandth of the file, or these bytes, has helped: else a server could cut each one after
 * a byte, without end.
 */
const MOST_FRUIT = 256;

export interface FileDownload {
  readonly settings: HubSettings;
  readonly id: string;
  readonly commit: string;
  readonly file: HubFile;
  /** Where the whole file is to be; what has arrived lies beside it and is gone on with after a cut. */
  readonly target: string;
  /** Called with the bytes that are there, which may become fewer when a server cannot go on in the middle. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Downloads one file and checks it against the Hub's own hash.
 * @throws LensError `network`, `not-found`, `disk-full` or `write-failed`; what `signal` says when it is aborted.
 */
export async function downloadFile(download: FileDownload): Promise<void> {
  const { target, file, signal, settings } = download;
  const incomplete = `${target}.incomplete`;
  await mkdir(dirname(target), { recursive: true }).catch((thrown: unknown) => {
    throw writeError(target, thrown);
  });
  for (let attempt = 0; attempt < 2; attempt++) {
    await fetchAll(download, incomplete);
    if (await isIntact(incomplete, file, signal)) {
      await rename(incomplete, target);
      return;
    }
    await rm(incomplete);
  }
  throw new LensError(
    'network',
    `${file.path} of ${download.id} arrived damaged twice from ${settings.endpoint}: its hash is not the Hub's. Nothing of it was kept; try again later.`,
  );
}

/** Goes on from what is there until all of it is; gives up when several connections in a row bring nothing. */
async function fetchAll(download: FileDownload, incomplete: string): Promise<void> {
  const { file, settings, signal } = download;
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(incomplete);
    if (before === file.bytes) return;
    if (before !== null && before > file.bytes) await rm(incomplete);
    const failure = await fetchMore(download, incomplete).catch((thrown: unknown) => {
      signal.throwIfAborted();
      if (thrown instanceof LensError) throw thrown;
      return thrown;
    });
    const after = await sizeOf(incomplete);
    if (after === file.bytes) return;
    const gained = (after ?? 0) - (before ?? 0);
    fruitless = gained > 0 && gained >= Math.min(MOST_FRUIT, file.bytes / 1000) ? 0 : fruitless + 1;
    const delay = settings.retryDelays[fruitless];
    if (delay === undefined)
      throw unreachable(settings, failure ?? new Error('the connection ends too early'));
    await pause(delay, signal);
  }
}

/** One connection's worth of bytes. */
async function fetchMore(
  { settings, id, commit, file, onBytes, signal }: FileDownload,
  incomplete: string,
): Promise<void> {
  const have = (await sizeOf(incomplete)) ?? 0;
  const path = `/${id}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  // Compressed on the way, the bytes could not be counted or gone on from.
  const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) };
  const answer = await askHub(settings, { path, subject: `${file.path} of ${id}`, headers, signal });
  const goesOn = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${have}-`);
  const start = goesOn ? have : 0;
  if (answer.body === null || answer.status === 416 || (answer.status === 206 && !goesOn)) {
    await answer.body?.cancel();
    await rm(incomplete, { force: true });
    return;
  }
  const output = await open(incomplete, start > 0 ? 'r+' : 'w');
  try {
    let position = start;
    onBytes(position);
    for await (const chunk of chunksOf(answer.body, settings.patience)) {
      if (position + chunk.length > file.bytes) throw new Error('more bytes came than the file has');
      await output.write(chunk, 0, chunk.length, position).catch((thrown: unknown) => {
        throw writeError(incomplete, thrown);
      });
      position += chunk.length;
      onBytes(position);
    }
    await output.sync();
  } finally {
    await output.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** Whether the bytes on disk are those that the Hub has. */
async function isIntact(path: string, { bytes, checksum }: HubFile, signal: AbortSignal): Promise<boolean> {
  const hash = createHash(checksum.kind === 'sha256' ? 'sha256' : 'sha1');
  // Git hashes a file together with its length.
  if (checksum.kind === 'git-sha1') hash.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex') === checksum.value;
}
