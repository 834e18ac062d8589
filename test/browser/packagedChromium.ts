import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SYSTEM_FONTS = '/etc/fonts/fonts.conf';

/**
 * The Chromium of the package @sparticuz/chromium, with the libraries and fonts that it brings, so that a machine needs
 * none of its own. The package's flags are for a function of one page in a cloud: with `--single-process` the first
 * page that closes ends the browser.
 * @returns null where it does not run: it is made for Linux x64
 */
export async function packagedChromium(): Promise<{
  executablePath: string;
  env: Record<string, string>;
} | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await unpacked();
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: existsSync(SYSTEM_FONTS) ? SYSTEM_FONTS : join(folder, 'fonts.conf'),
    },
  };
}

/** Unpacked once a version, beside its place and then renamed: a killed run leaves no half of a browser behind. */
async function unpacked(): Promise<string> {
  const manifest = join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const folder = join(root, 'out', 'browser', version);
  if (existsSync(folder)) return folder;
  await mkdir(join(root, 'out', 'browser'), { recursive: true });
  const beside = await mkdtemp(`${folder}.writing-`);
  try {
    await unpackInto(beside);
    await writeFile(join(beside, 'fonts.conf'), fontsOf(folder));
    await rename(beside, folder);
  } catch (error) {
    // Another test may have been faster.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the temporary folder, and its libraries only where it believes to be in that cloud. */
async function unpackInto(folder: string): Promise<void> {
  const script =
    "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath()).catch((error) => { console.error(error); process.exitCode = 1; })";
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  await promisify(execFile)(process.execPath, ['-e', script], { cwd: root, env });
}

function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}/fonts</dir>
  <cachedir>${folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}/fonts-cache</cachedir>
</fontconfig>
`;
}
