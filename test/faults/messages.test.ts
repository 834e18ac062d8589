import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { LensError } from '../../src/core/common/errors';
import { engineContract } from '../../src/protocol/engine';
import {
  connectCaller,
  connectHandlers,
  type Contract,
  type Handlers,
  type MessageToCaller,
} from '../../src/protocol/rpc';
import { neuronPage } from '../../src/protocol/pages/neuron';
import { contractOf } from '../../src/protocol/pages/page';
import { selectionPage } from '../../src/protocol/pages/selection';
import { HOSTILE_TEXTS } from './hostileTexts';

/*
 * Random and hostile messages in both directions of the engine's calls and of the pages': none may crash, each is
 * refused or answered once. NEURON_LENS_FAULTS=full tries ten thousand a direction.
 */

const TRIES = process.env['NEURON_LENS_FAULTS'] === 'full' ? 10_000 : 1_000;
const SEED = 20_261_129;
const counts: Record<string, number> = {};
const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
afterAll(() => console.log(`hostile messages: ${JSON.stringify(counts)}`));

/** What structured cloning lets through: more than JSON. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
  maxDepth: 3,
});
const hostile = fc.oneof(
  anything,
  fc.constantFrom(...HOSTILE_TEXTS, '__proto__', 'constructor', 'toString', NaN, Infinity, -0, 2 ** 60),
);
const ids = fc.oneof(fc.integer({ min: 0, max: 5 }), hostile);

/** A message that is nearly right: one of ours with some values, deep inside, replaced by others. */
function nearly(messages: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fc.constantFrom(...messages),
      fc.array(fc.tuple(fc.nat(), hostile), { minLength: 1, maxLength: 3 }),
    )
    .map(([message, changes]) => {
      const changed: unknown = structuredClone(message);
      for (const [choice, value] of changes) replaceOne(changed, choice, value);
      return changed;
    });
}

/** Walks down by the digits of a number and replaces the value where it ends. */
function replaceOne(root: unknown, choice: number, value: unknown): void {
  let holder = root as Record<string, unknown>;
  for (let rest = choice; ; rest = Math.floor(rest / 7)) {
    const keys = Object.keys(holder);
    const key = keys[rest % Math.max(keys.length, 1)];
    if (key === undefined || ArrayBuffer.isView(holder)) return;
    const below = holder[key];
    if (typeof below !== 'object' || below === null || rest < 7) {
      holder[key] = value;
      return;
    }
    holder = below as Record<string, unknown>;
  }
}

interface Side {
  readonly contract: Contract;
  /** A call that is right, by name. */
  readonly right: readonly [string, object];
  /** What it may be answered with. */
  readonly result: unknown;
}

const SIDES: readonly (readonly [string, Side])[] = [
  [
    'the engine',
    {
      contract: engineContract,
      right: ['describeModel', { model: 'default' }],
      result: { id: 'm', layers: 1, neurons: 2, activation: 'relu', dtype: 'fp32', selfTest: null },
    },
  ],
  [
    'a neuron page',
    { contract: contractOf(neuronPage), right: ['pin', { neuron: 'L1.N2', pinned: true }], result: null },
  ],
  [
    'a selection page',
    { contract: contractOf(selectionPage), right: ['openNeuron', { neuron: 'L1.N2' }], result: null },
  ],
];

describe.each(SIDES)('hostile messages of %s', (side, { contract, right: [name, params], result }) => {
  it('to the answering end are refused or answered, each once', async () => {
    const calls = [
      { kind: 'call', id: 1, method: name, params },
      { kind: 'cancel', id: 1 },
    ];
    const methods = fc.constantFrom(...Object.keys(contract), '__proto__', 'constructor', 'valueOf', '');
    const message = fc.oneof(
      hostile,
      fc.constantFrom(...calls),
      nearly(calls),
      fc.record({ kind: fc.constantFrom('call', 'cancel'), id: ids, method: methods, params: hostile }),
    );
    await fc.assert(
      fc.asyncProperty(message, hostile, async (given, thrown) => {
        const answers: MessageToCaller[] = [];
        const fails = async () => {
          await nextTurn();
          throw thrown;
        };
        const handlers = Object.fromEntries(Object.keys(contract).map((each) => [each, fails]));
        const server = connectHandlers(contract, handlers as Handlers<Contract>, (answer) =>
          answers.push(structuredClone(answer)),
        );
        server.receive(given);
        await nextTurn();
        await nextTurn();
        server.close(new LensError('cancelled', 'Over.'));
        const { kind, id } = (typeof given === 'object' && given !== null ? given : {}) as Record<
          string,
          unknown
        >;
        const isCall = kind === 'call' && typeof id === 'number' && !Number.isNaN(id);
        expect(answers.length).toBeLessThanOrEqual(isCall ? 1 : 0);
        for (const answer of answers) {
          expect(answer).toMatchObject({ kind: 'failure', id });
          if (answer.kind === 'failure') expect(answer.failure.message).not.toBe('');
        }
        count(`${side}: ${answers.length === 0 ? 'ignored' : 'answered'}`);
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });

  it('to the calling end leave every call with one end', async () => {
    const message = fc.oneof(
      hostile,
      nearly([
        { kind: 'result', id: 1, value: result },
        { kind: 'failure', id: 1, failure: { code: 'network', message: 'No.', detail: '' } },
        { kind: 'progress', id: 1, value: 3 },
        { kind: 'heartbeat' },
      ]),
      fc.record({
        kind: fc.constantFrom('result', 'failure', 'progress', 'heartbeat'),
        id: ids,
        value: hostile,
        failure: hostile,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 5 }), async (given) => {
        const caller = connectCaller(contract, () => undefined);
        let ends = 0;
        const call = caller.calls[name]!(params).then(
          () => (ends += 1),
          (thrown: unknown) => {
            ends += 1;
            expect(thrown).toBeInstanceOf(LensError);
          },
        );
        for (const each of given) caller.receive(each);
        await nextTurn();
        count(`${side}: ${ends === 1 ? 'ended by a message' : 'ended by its end'}`);
        caller.close(new LensError('engine-unavailable', 'The engine stopped unexpectedly.'));
        await call;
        expect(ends).toBe(1);
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });
});
