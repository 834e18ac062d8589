import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { connectCaller, connectHandlers, method, type Handlers } from '../../../src/protocol/rpc';

const contract = {
  double: method({ params: v.number(), result: v.number() }),
  countTo: method({ params: v.number(), result: v.string(), progress: v.number() }),
};

/** Both ends in one process: messages cross as copies, one event-loop turn later, as between processes. */
function connect(handlers: Partial<Handlers<typeof contract>>) {
  const post = (receive: (message: unknown) => void) => (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setImmediate(() => receive(copy));
  };
  const missing = () => Promise.reject(new Error('not in this test'));
  const caller = connectCaller(contract, (message) => post((copy) => server.receive(copy))(message));
  const server = connectHandlers(contract, { double: missing, countTo: missing, ...handlers }, (message) =>
    post((copy) => caller.receive(copy))(message),
  );
  return { caller, server };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('calls between two processes', () => {
  it('return what the handler returns, each to its own caller', async () => {
    const { caller } = connect({ double: (value) => Promise.resolve(value * 2) });
    expect(await Promise.all([caller.calls.double(4), caller.calls.double(21)])).toEqual([8, 42]);
  });

  it('report progress in order before the result', async () => {
    const { caller } = connect({
      countTo: (last, { progress }) => {
        for (let step = 1; step <= last; step++) progress(step);
        return Promise.resolve('done');
      },
    });
    const seen: number[] = [];
    expect(await caller.calls.countTo(3, { onProgress: (step) => seen.push(step) })).toBe('done');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('carry a LensError across with its code and sentence', async () => {
    const { caller } = connect({
      double: () => Promise.reject(new LensError('invalid-model', 'That is no model.')),
    });
    await expect(caller.calls.double(1)).rejects.toMatchObject({
      name: 'LensError',
      code: 'invalid-model',
      message: 'That is no model.',
    });
  });

  it('turn any other error into a sentence of ours', async () => {
    const { caller } = connect({ double: () => Promise.reject(new TypeError('x is not a function')) });
    await expect(caller.calls.double(1)).rejects.toMatchObject({
      code: 'internal',
      message: 'Something unexpected happened: x is not a function',
    });
  });

  it('cancel on the other side, and settle as the handler decides', async () => {
    const { caller } = connect({
      countTo: async (_, { signal, progress }) => {
        progress(1);
        await untilAborted(signal);
        return 'partial';
      },
    });
    const controller = new AbortController();
    const call = caller.calls.countTo(9, { signal: controller.signal, onProgress: () => controller.abort() });
    expect(await call).toBe('partial');
  });

  it('are refused at once when already cancelled', async () => {
    const { caller } = connect({ double: (value) => Promise.resolve(value) });
    await expect(caller.calls.double(1, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('all reject when the other side goes away, and so do later ones', async () => {
    const { caller } = connect({ double: () => new Promise(() => undefined) });
    const calls = [caller.calls.double(1), caller.calls.double(2)];
    caller.close(new LensError('engine-unavailable', 'The engine stopped.'));
    const results = await Promise.allSettled([...calls, caller.calls.double(3)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(caller.calls.double(4)).rejects.toMatchObject({ code: 'engine-unavailable' });
  });

  it('abort in the handler when the caller goes away', async () => {
    let reason: unknown = null;
    const { caller, server } = connect({
      countTo: async (_, { signal, progress }) => {
        progress(0);
        await untilAborted(signal);
        reason = signal.reason;
        return 'stopped';
      },
    });
    const call = caller.calls.countTo(1, {
      onProgress: () => server.close(new LensError('cancelled', 'The editor is gone.')),
    });
    await call;
    expect(reason).toMatchObject({ message: 'The editor is gone.' });
  });
});

describe('messages that fit no shape', () => {
  it('are refused before they are sent', async () => {
    const { caller } = connect({ double: (value) => Promise.resolve(value) });
    await expect(caller.calls.double('four' as unknown as number)).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('are refused where they arrive', async () => {
    const answers: unknown[] = [];
    const server = connectHandlers(
      contract,
      { double: (value) => Promise.resolve(value), countTo: () => Promise.resolve('') },
      (message) => answers.push(message),
    );
    server.receive({ kind: 'call', id: 7, method: 'double', params: { not: 'a number' } });
    server.receive({ kind: 'call', id: 8, method: 'toString', params: null });
    server.receive('nonsense');
    await nextTurn();
    expect(answers).toMatchObject([
      { kind: 'failure', id: 7, failure: { code: 'internal' } },
      { kind: 'failure', id: 8, failure: { message: 'There is no call named "toString".' } },
    ]);
  });

  it('reject the call whose answer they are', async () => {
    const { caller } = connect({ double: () => Promise.resolve('eight' as unknown as number) });
    await expect(caller.calls.double(4)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('double') as string,
    });
  });
});
