import { expect, it } from 'vitest';
import { KernelThread } from '../../../src/runtime/reduction/kernelThread';

const REDUCE = 0;
const SORT = 1;

function newThread(): KernelThread {
  return new KernelThread(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
}

it('takes more jobs than it can hold at once', () => {
  const thread = newThread();
  const jobs = Array.from({ length: 1000 }, () => thread.give([SORT, 1024, 2048, 0, 0]));
  expect(jobs).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  for (const job of [1, 500, 1000]) thread.wait(job);
  thread.end();
});

it('says that it failed instead of keeping everybody waiting', () => {
  const thread = newThread();
  const beyond = 1 << 30;
  const job = thread.give([REDUCE, beyond, beyond, 64, 1]);
  expect(() => thread.wait(job)).toThrow(/met an error.*--resume/);
  thread.end();
});
