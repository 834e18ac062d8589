import { neuronFormat } from '../../common/neuronAddress';
import { WEIGHT_KEYS, type WeightFigures, type WeightKey } from '../../stats/weightFigures';
import { openAnnex, writeAnnex, type AnnexRules } from '../annexes';
import { damagedProfile } from '../damagedProfile';
import type { CreateHash } from '../files/fileRecords';
import type { FileStore } from '../fileStore';
import type { Manifest } from '../manifest';
import { WEIGHTS_ANNEX } from '../profileFiles';
import type { ProfiledTable } from '../profiledTable';
import { column, type ColumnLayout } from '../table/columnLayout';
import { encodeTable } from '../table/encodeTable';
import { FixedTable } from '../table/fixedTable';

const FILE = 'weights.arrow';

type Layout = { readonly [Key in WeightKey]: ColumnLayout & { readonly element: 'float64' } };

/** A row a neuron, as in metrics.arrow; NaN where a figure is not known. */
const LAYOUT = Object.fromEntries(WEIGHT_KEYS.map((key) => [key, column('float64')])) as unknown as Layout;

/**
 * Keeps the figures of the weights with the profile whose model they are of.
 * @param figures by the neuron's name
 * @throws LensError as `writeAnnex`
 */
export async function writeWeights(
  store: FileStore,
  createHash: CreateHash,
  tables: readonly ProfiledTable[],
  figures: ReadonlyMap<string, WeightFigures>,
): Promise<void> {
  const rows = tables.flatMap(({ site }) => {
    const name = neuronFormat(site);
    return Array.from({ length: site.dFf }, (_, neuron) => figures.get(name(neuron)));
  });
  const valuesOf = (key: WeightKey) => Float64Array.from(rows, (row) => row?.[key] ?? NaN);
  const columns = Object.fromEntries(WEIGHT_KEYS.map((key) => [key, valuesOf(key)]));
  const content = await encodeTable(LAYOUT, columns as Record<WeightKey, Float64Array>, rows.length);
  await writeAnnex(store, createHash, WEIGHTS_ANNEX, [[FILE, content]]);
}

/** The figures of the weights of all neurons of a profile, by row of metrics.arrow. */
export type WeightColumns = { readonly [Key in WeightKey]: Float64Array };

/** @returns null where none are kept. @throws LensError `invalid-profile` where they are damaged */
export async function readWeights(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
  tables: readonly ProfiledTable[],
): Promise<WeightColumns | null> {
  const annex = openAnnex(store, manifest, WEIGHTS_ANNEX);
  if (!annex) return null;
  const path = annex.pathOf(FILE);
  const file = await FixedTable.open(annex.store, path, LAYOUT, 'whole');
  const neurons = tables.reduce((sum, { site }) => sum + site.dFf, 0);
  if (file.rows !== neurons) throw damagedProfile(path, `it has ${file.rows} rows for ${neurons} neurons`);
  return file.read(WEIGHT_KEYS);
}

/** Weights are those of the model, whatever was read with it: profiles that merge have the same. */
export const WEIGHTS_RULE: AnnexRules = {
  [WEIGHTS_ANNEX]: async (sources) => {
    const source = sources.find((annex) => annex !== null);
    return source ? [[FILE, [await source.store.readAll(source.pathOf(FILE))]]] : null;
  },
};
