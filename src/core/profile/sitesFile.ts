import * as v from 'valibot';
import { ACTIVATION_FUNCTIONS } from '../onnx/site';
import type { FileStore } from './fileStore';
import { damagedProfile } from './damagedProfile';
import { SITES_FILE } from './profileFiles';
import type { ProfiledTable } from './profiledTable';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const quantity = v.picklist(['act', 'pre', 'gate', 'up']);

/** More neurons than any FFN has: a damaged number must not make a reader ask for all memory. */
const MAXIMUM_WIDTH = 1 << 22;

const tableSchema = v.object({
  quantity,
  site: v.object({
    part: v.picklist(['model', 'encoder', 'decoder']),
    layer: index,
    block: v.nullable(v.pipe(index, v.maxValue(25))),
    expert: v.nullable(index),
    dModel: index,
    dFf: v.pipe(index, v.maxValue(MAXIMUM_WIDTH)),
    gated: v.boolean(),
    packed: v.boolean(),
    activation: v.picklist(ACTIVATION_FUNCTIONS),
    sharedWith: v.nullable(index),
    quantities: v.array(quantity),
  }),
});
const sitesSchema = v.object({ tables: v.pipe(v.array(tableSchema), v.minLength(1)) });

/** The tables of a profile, in the order in which segments hold them. */
export async function readTables(store: FileStore): Promise<readonly ProfiledTable[]> {
  if ((await store.size(SITES_FILE)) === null) throw damagedProfile(SITES_FILE, 'it is missing');
  const bytes = await store.readAll(SITES_FILE);
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damagedProfile(SITES_FILE, 'it is no JSON', error);
  }
  const parsed = v.safeParse(sitesSchema, found);
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0]) ?? 'its content';
    throw damagedProfile(SITES_FILE, `${path} is not as it should be`);
  }
  return parsed.output.tables;
}

export async function writeTables(store: FileStore, tables: readonly ProfiledTable[]): Promise<void> {
  const content = { tables: tables.map(({ site, quantity }) => ({ quantity, site })) };
  await store.write(SITES_FILE, [new TextEncoder().encode(`${JSON.stringify(content, null, 1)}\n`)]);
}
