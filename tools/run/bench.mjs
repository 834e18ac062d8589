/** `npm run bench`: the profile against the bare forward pass, with the embedded model on the sample corpus unless told. */
import { installPackages, runOrExit } from './prepare.mjs';

const given = process.argv.slice(2);

installPackages();
const { build } = await import('../build/build.mjs');
await build();
runOrExit(process.execPath, ['dist/cli.cjs', 'bench', ...(given.length > 0 ? given : ['default', 'sample'])]);
