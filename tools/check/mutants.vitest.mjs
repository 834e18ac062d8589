/** vitest.config.mjs with the tests of some folders only: for mutants.mjs. */
import config from '../../vitest.config.mjs';

const include = process.env.MUTANTS_TESTS.split(' ').map((folder) => `${folder}/**/*.test.ts`);
export default { ...config, test: { ...config.test, include } };
