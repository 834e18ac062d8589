import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Scheduler } from '../../../src/engine/scheduler';

const never = new AbortController().signal;

describe('the order of work in the engine', () => {
  it('answers a question at once while nothing runs', async () => {
    const scheduler = new Scheduler();
    expect(await scheduler.ask(never, () => Promise.resolve(42))).toBe(42);
  });

  it('puts questions between the batches of a run, in the order in which they came', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const question = (name: string) =>
      scheduler.ask(never, async () => {
        order.push(`${name} asked`);
        await pause(2);
        order.push(`${name} answered`);
      });
    const asked: Promise<void>[] = [];
    await scheduler.run(async () => {
      for (let batch = 1; batch <= 3; batch++) {
        order.push(`batch ${batch}`);
        if (batch === 1) asked.push(question('first'), question('second'));
        await pause(1);
        await scheduler.turn();
      }
    });
    await Promise.all(asked);
    expect(order).toEqual([
      'batch 1',
      ...['first asked', 'first answered', 'second asked', 'second answered'],
      'batch 2',
      'batch 3',
    ]);
  });

  it('keeps questions between batches as long as one of two runs goes on', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const run = async (name: string, batches: number) => {
      for (let batch = 1; batch <= batches; batch++) {
        order.push(`${name} begins`);
        await pause(5);
        order.push(`${name} ends`);
        await scheduler.turn();
      }
    };
    const long = scheduler.run(() => run('long', 4));
    await scheduler.run(() => run('short', 1));
    const answer = scheduler.ask(never, () => Promise.resolve(order.push('answered')));
    await scheduler.idle();
    await Promise.all([answer, long]);
    const at = order.indexOf('answered');
    expect(order[at - 1]).toBe('long ends');
    expect(order.length).toBeGreaterThan(at + 2);
  });

  it('answers a question that is asked the moment another was answered', async () => {
    const scheduler = new Scheduler();
    const ask = (left: number): Promise<number> =>
      scheduler.ask(never, () => Promise.resolve(left)).then((one) => (one === 0 ? 0 : ask(one - 1)));
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map((depth) => ask(depth)))).toEqual([0, 0, 0, 0, 0, 0]);
    let asked = Promise.resolve(0);
    for (let turns = 0; turns < 12; turns++) {
      asked = scheduler.ask(never, () => Promise.resolve(turns));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    }
    expect(await asked).toBe(11);
  });

  it('never begins a batch while a question is being answered', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    const question = scheduler.ask(never, async () => {
      await pause(5);
      order.push('answered');
    });
    await scheduler.run(() => {
      order.push('batch');
      return Promise.resolve();
    });
    await question;
    expect(order).toEqual(['answered', 'batch']);
  });

  it('answers what still waits when the run fails', async () => {
    const scheduler = new Scheduler();
    const late: Promise<string>[] = [];
    const run = scheduler.run(() => {
      late.push(scheduler.ask(never, () => Promise.resolve('answered')));
      return Promise.reject(new Error('the run broke'));
    });
    await expect(run).rejects.toThrow('the run broke');
    expect(await Promise.all(late)).toEqual(['answered']);
  });

  it('does not begin a question that was cancelled while it waited', async () => {
    const scheduler = new Scheduler();
    const controller = new AbortController();
    let begun = false;
    const asked: Promise<unknown>[] = [];
    await scheduler.run(async () => {
      asked.push(
        scheduler.ask(controller.signal, () => {
          begun = true;
          return Promise.resolve();
        }),
      );
      controller.abort(new Error('pointer moved on'));
      await Promise.resolve();
    });
    await expect(asked[0]).rejects.toThrow('pointer moved on');
    expect(begun).toBe(false);
  });

  it('goes on after a question that fails', async () => {
    const scheduler = new Scheduler();
    await expect(scheduler.ask(never, () => Promise.reject(new Error('bad question')))).rejects.toThrow();
    expect(await scheduler.ask(never, () => Promise.resolve('fine'))).toBe('fine');
  });
});
