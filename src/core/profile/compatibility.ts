import { LensError } from '../common/errors';
import { type Manifest, PROFILE_VERSION } from './manifest';
import type { ProfiledTable } from './profiledTable';
import { tableStem } from './profileFiles';

type Comparable = Pick<Manifest, 'model' | 'tokenizer' | 'plan'>;

/** What two profiles must share to be one: the first field that differs, or null. */
function differingField(a: Comparable, b: Comparable): string | null {
  const modelFields = ['sha256', 'dtype'] as const;
  for (const field of modelFields) {
    if (a.model[field] !== b.model[field]) return `model.${field} (${a.model[field]} and ${b.model[field]})`;
  }
  if (a.tokenizer.sha256 !== b.tokenizer.sha256) {
    return `tokenizer.sha256 (${a.tokenizer.sha256} and ${b.tokenizer.sha256})`;
  }
  const planFields = Object.keys(a.plan) as (keyof Manifest['plan'])[];
  for (const field of planFields) {
    const [left, right] = [JSON.stringify(a.plan[field]), JSON.stringify(b.plan[field])];
    if (left !== right) return `plan.${field} (${left} and ${right})`;
  }
  return null;
}

/** @throws LensError `profiles-differ` that names the field. */
export function requireSamePlan(a: Comparable, b: Comparable, what: string): void {
  const field = differingField(a, b);
  if (field === null) return;
  throw new LensError(
    'profiles-differ',
    `${what}: they differ in ${field}. Only profiles of the same model, tokenizer and plan go together.`,
  );
}

/** @throws LensError `profiles-differ` when the profiles do not hold the same neurons. */
export function requireSameTables(
  a: readonly ProfiledTable[],
  b: readonly ProfiledTable[],
  what: string,
): void {
  const names = (tables: readonly ProfiledTable[]): string =>
    tables.map(({ site, quantity }) => `${tableStem(site, quantity)} × ${site.dFf}`).join(', ');
  if (names(a) === names(b)) return;
  throw new LensError(
    'profiles-differ',
    `${what}: they hold different neurons (${names(a)}; ${names(b)}). Only profiles of the same layers and quantities go together.`,
  );
}

/** @throws LensError `profiles-differ` when a profile was written by an earlier version of the format, which is only read. */
export function requireCurrentFormat({ version }: Pick<Manifest, 'version'>, what: string): void {
  if (version === PROFILE_VERSION) return;
  throw new LensError(
    'profiles-differ',
    `${what}: it has format ${version}, whose histograms and examples do not go together with those of format ${PROFILE_VERSION}. It can still be opened; profile again to add to it.`,
  );
}
