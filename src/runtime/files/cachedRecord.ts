import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { LensError } from '../../core/common/errors';
import { writeAtomically } from './writeAtomically';

/** Reads a small JSON file of a cache. @returns null where there is none, or it is not as it should be */
export async function readRecord<Record>(
  path: string,
  schema: v.GenericSchema<unknown, Record>,
): Promise<Record | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : null;
}

/** Writes a small JSON file of a cache. One that cannot be written costs time later, and nothing else. */
export async function writeRecord(path: string, record: object): Promise<void> {
  try {
    await writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(record)}\n`)]);
  } catch (thrown) {
    if (!(thrown instanceof LensError)) throw thrown;
  }
}
