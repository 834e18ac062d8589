import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HubFile } from './hubModels';

/** Whether the bytes on disk are those that the Hub has. */
export async function isIntact(
  path: string,
  { bytes, checksum }: HubFile,
  signal: AbortSignal,
): Promise<boolean> {
  const hash = createHash(checksum.kind === 'sha256' ? 'sha256' : 'sha1');
  // Git hashes a file together with its length.
  if (checksum.kind === 'git-sha1') hash.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex') === checksum.value;
}
