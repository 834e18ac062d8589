import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { LensError } from '../../core/common/errors';
import type { Compression } from '../../core/profile/texts/compression';

const deflateBytes = promisify(deflateRaw);
const inflateBytes = promisify(inflateRaw) as (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

/** Deflate by the host's zlib. An inflated block can never grow beyond the length that was stored with it. */
export const deflate: Compression = {
  deflate: (bytes) => deflateBytes(bytes),
  async inflate(bytes, length) {
    const inflated = await inflateBytes(bytes, { maxOutputLength: Math.max(1, length) }).catch(() => null);
    if (inflated?.length !== length) {
      throw new LensError(
        'invalid-profile',
        'A block of text in the profile is damaged. Profile the corpus again.',
      );
    }
    return inflated;
  },
};
