/**
 * Takes pictures of the pages in three themes and two widths, to be looked at: they are not compared by a test.
 * node tools/screenshots.mjs FOLDER [page] (FOLDER lies outside the repository)
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { importBundled } from './pictures/importBundled.mjs';

const [folder, only] = process.argv.slice(2);
if (!folder) {
  console.error('Name a folder for the pictures: node tools/screenshots.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const { takePictures } = await importBundled('test/webview/scenes.ts');
await takePictures(resolve(folder), only);
