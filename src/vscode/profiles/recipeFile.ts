import { readFile, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { fileRangeSchema } from '../../protocol/engine';
import { replaceFile } from '../../runtime/files/writeAtomically';
import type { ProfileRecipe } from './profileEntry';

const recipeSchema: v.GenericSchema<unknown, ProfileRecipe> = v.object({
  name: v.string(),
  model: v.string(),
  dtype: v.optional(v.string()),
  inputs: v.array(v.string()),
  root: v.string(),
  exclude: v.array(v.string()),
  range: v.optional(fileRangeSchema),
});

/** Beside the profile's folder, not in it: what is in the folder belongs to the profile's format. */
const pathOf = (folder: string) => `${folder}.order.json`;

/** @returns null where there is none or it cannot be read */
export async function readRecipe(folder: string): Promise<ProfileRecipe | null> {
  const text = await readFile(pathOf(folder), 'utf8').catch(() => null);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recipeSchema), text);
  return parsed.success ? parsed.output : null;
}

export async function writeRecipe(folder: string, recipe: ProfileRecipe): Promise<void> {
  await replaceFile(pathOf(folder), [Buffer.from(JSON.stringify(recipe, null, 1))]);
}

export async function removeRecipe(folder: string): Promise<void> {
  await rm(pathOf(folder), { force: true });
}
