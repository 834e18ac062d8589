import { Worker } from 'node:worker_threads';
import { LensError } from '../../core/common/errors';
import { ENTRIES, type Kernel, type KernelJob } from './kernel';
import { kernelModule } from './kernelModule';

/** Where the control words stand: jobs given, jobs done, whether one failed, whether to end; then the jobs in a ring. */
const GIVEN = 0;
const DONE = 1;
const FAILED = 2;
const ENDING = 3;
const RING = 4;
const JOB_WORDS = 5;
const MOST_JOBS = 256;
/** A batch of a few hundred milliseconds is never as long: something is broken then. */
const LONGEST_WAIT = 60_000;

/** Waits for jobs without an event loop, so that one begins some microseconds after it was given. */
const PROGRAM = `
const { workerData: { module, memory, control, entries } } = require('node:worker_threads');
const words = new Int32Array(control);
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
for (let done = 0; ; Atomics.store(words, ${DONE}, ++done), Atomics.notify(words, ${DONE})) {
  while (Atomics.load(words, ${GIVEN}) === done) Atomics.wait(words, ${GIVEN}, done);
  if (words[${ENDING}] === 1) break;
  const at = ${RING} + ${JOB_WORDS} * (done % ${MOST_JOBS});
  try {
    exports[entries[words[at]]](...words.subarray(at + 1, at + ${JOB_WORDS}));
  } catch {
    words[${FAILED}] = 1;
  }
}
`;

/**
 * A thread that runs the kernel on a memory which it shares with this one, job after job, while this one goes on. What
 * a job is about is to be left alone from `give` until `wait` returns.
 */
export class KernelThread {
  private readonly words = new Int32Array(new SharedArrayBuffer(4 * (RING + JOB_WORDS * MOST_JOBS)));
  private given = 0;

  constructor(memory: WebAssembly.Memory) {
    const control = this.words.buffer;
    const workerData = { module: kernelModule('shared'), memory, control, entries: ENTRIES };
    new Worker(PROGRAM, { eval: true, workerData }).unref();
  }

  /** @returns the job's number. */
  give(job: KernelJob): number {
    if (this.given - Atomics.load(this.words, DONE) >= MOST_JOBS) this.wait(this.given - MOST_JOBS + 1);
    this.words.set(job, RING + JOB_WORDS * (this.given % MOST_JOBS));
    this.tell();
    return this.given;
  }

  /** Waits until the job of a number is done. @throws LensError `internal` when the thread has failed */
  wait(job: number): void {
    for (let done; (done = Atomics.load(this.words, DONE)) < job;) {
      if (Atomics.wait(this.words, DONE, done, LONGEST_WAIT) === 'timed-out') throw stuck('does not answer');
    }
    if (this.words[FAILED] === 1) throw stuck('met an error');
  }

  /** Ends the thread; a job that has not begun is not done any more. */
  end(): void {
    this.words[ENDING] = 1;
    this.tell();
  }

  /** Waking costs a tenth of a millisecond or more; a thread that is at work looks for the next job by itself. */
  private tell(): void {
    Atomics.store(this.words, GIVEN, ++this.given);
    if (Atomics.load(this.words, DONE) === this.given - 1) Atomics.notify(this.words, GIVEN);
  }
}

function stuck(how: string): LensError {
  return new LensError(
    'internal',
    `The thread that sums activations up ${how}. The last snapshot stands: go on from it with --resume.`,
  );
}

/** The kernel on another thread, for one site: its jobs are done in the order in which they are started. */
export function kernelOn(thread: KernelThread): Kernel {
  let last = 0;
  return { elsewhere: true, start: (job) => (last = thread.give(job)), finish: () => thread.wait(last) };
}
