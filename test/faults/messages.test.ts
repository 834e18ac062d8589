import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { LensError } from '../../src/core/common/errors';
import { engineContract } from '../../src/protocol/engine';
import { connectCaller, connectHandlers, type Handlers, type MessageToCaller } from '../../src/protocol/rpc';
import { readMessageToHost, readMessageToWebview } from '../../src/protocol/webview';
import { neuronMessage, samplePage, selectionMessage } from '../webview/messages';
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
const methods = fc.oneof(
  fc.constantFrom(...Object.keys(engineContract)),
  fc.constantFrom('__proto__', 'constructor', 'valueOf', ''),
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

const calls = [
  { kind: 'call', id: 1, method: 'describeModel', params: { model: 'default' } },
  {
    kind: 'call',
    id: 2,
    method: 'profile',
    params: { inputs: ['/a'], root: '/', exclude: [], model: 'm', out: '/o', resume: false, threads: null },
  },
  { kind: 'cancel', id: 1 },
];

describe('hostile messages', () => {
  it('to the engine are refused or answered, each once', async () => {
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
        const handlers = Object.fromEntries(Object.keys(engineContract).map((name) => [name, fails]));
        const server = connectHandlers(
          engineContract,
          handlers as unknown as Handlers<typeof engineContract>,
          (answer) => answers.push(structuredClone(answer)),
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
        count(answers.length === 0 ? 'to the engine: ignored' : 'to the engine: answered');
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });

  it('from the engine leave every call with one end', async () => {
    const message = fc.oneof(
      hostile,
      nearly([
        {
          kind: 'result',
          id: 1,
          value: { id: 'm', layers: 1, neurons: 2, activation: 'relu', dtype: 'fp32', selfTest: null },
        },
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
        const caller = connectCaller(engineContract, () => undefined);
        let ends = 0;
        const call = caller.calls.describeModel({ model: 'default' }).then(
          () => (ends += 1),
          (thrown: unknown) => {
            ends += 1;
            expect(thrown).toBeInstanceOf(LensError);
          },
        );
        for (const each of given) caller.receive(each);
        await nextTurn();
        count(ends === 1 ? 'from the engine: ended by a message' : 'from the engine: ended by its end');
        caller.close(new LensError('engine-unavailable', 'The engine stopped unexpectedly.'));
        await call;
        expect(ends).toBe(1);
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });

  it('of pages and to them are read as what they are, or not at all', () => {
    const example = samplePage.examples.top[0]!;
    const { file, record, start, end, line, column, token } = example;
    const ours = [
      { v: 1, type: 'ready' },
      { v: 1, type: 'openPlace', file, record, start, end, line, column, token },
      { v: 1, type: 'openNeuron', neuron: 'L1.N2' },
      { v: 1, type: 'pin', neuron: 'L1.N2', pinned: true },
      { v: 1, type: 'saveFile', suggestedName: 'a', content: 'b', encoding: 'utf8' },
      neuronMessage(),
      selectionMessage(),
      { v: 1, type: 'error', message: 'No.' },
    ];
    fc.assert(
      fc.property(fc.oneof(hostile, nearly(ours)), (given) => {
        const read = [readMessageToHost(given), readMessageToWebview(given)];
        for (const message of read.filter((each) => each !== null)) {
          expect(typeof message.type).toBe('string');
          expect([readMessageToHost(message), readMessageToWebview(message)]).toContainEqual(message);
        }
        count(read.every((each) => each === null) ? 'of pages: refused' : 'of pages: read');
      }),
      { numRuns: TRIES, seed: SEED },
    );
  });
});
