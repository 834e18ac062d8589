/** An engine whose calls do what an engine should not: crash, hang, or be in the middle of something. */
import { appendFileSync } from 'node:fs';
import { serveParent } from '../../../src/engine/parentChannel';
import { Scheduler } from '../../../src/engine/scheduler';

const scheduler = new Scheduler();
const selfTest = { passed: null, largestDifference: null, checks: [] };
const journal = process.argv[2] ?? '';

serveParent(
  {
    describeModel: async ({ model }) => {
      if (model === 'crash') process.kill(process.pid, 'SIGSEGV');
      if (model === 'hang') await new Promise(() => undefined);
      return {
        id: `${model} ${process.pid}`,
        layers: 1,
        neurons: 2,
        activation: 'relu',
        dtype: 'fp32',
        selfTest,
      };
    },
    profile: (_, { signal, progress }) =>
      scheduler.run(async () => {
        progress({
          tokensDone: 1,
          tokensTotal: 2,
          tokensPerSecond: 1,
          secondsLeft: 1,
          filesDone: 0,
          filesTotal: 1,
          readable: false,
        });
        while (!signal.aborted) await scheduler.turn();
        appendFileSync(journal, 'saved');
        return { state: 'partial', tokens: 1, seconds: 1, notices: [] };
      }),
    tokenAt: () => Promise.resolve(null),
    toward: () => Promise.reject(new Error('not here')),
    weights: () => Promise.reject(new Error('not here')),
    promptTokens: () => Promise.reject(new Error('not here')),
    selection: () => Promise.reject(new Error('not here')),
    concepts: () => Promise.reject(new Error('not here')),
    conceptControl: () => Promise.reject(new Error('not here')),
    ablate: () => Promise.reject(new Error('not here')),
    ablateCorpus: () => Promise.reject(new Error('not here')),
    layerCosts: () => Promise.reject(new Error('not here')),
    rankLayer: () => Promise.reject(new Error('not here')),
    effect: () => Promise.reject(new Error('not here')),
    attribute: () => Promise.reject(new Error('not here')),
    comparePrompts: () => Promise.reject(new Error('not here')),
    mostDifferent: () => Promise.reject(new Error('not here')),
  },
  () => scheduler.idle(),
);
