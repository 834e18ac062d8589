import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    // Tests leave the caches of the person who runs them alone.
    env: { NEURON_LENS_CACHE: join(tmpdir(), `neuron-lens-test-cache-${process.pid}`) },
  },
});
