/** vitest.config.mjs with some test files, or those of some folders, only: for mutants.mjs. */
import config from '../../vitest.config.mjs';

const include = process.env.MUTANTS_TESTS.split(' ').map((path) =>
  path.endsWith('.ts') ? path : `${path}/**/*.test.ts`,
);
export default { ...config, test: { ...config.test, include } };
