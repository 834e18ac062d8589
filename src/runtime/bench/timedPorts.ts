import { forwarding } from '../../core/common/forwarding';
import type { RunRequest } from '../../core/pipeline/runRequest';
import type { SiteAccumulator } from '../../core/stats/siteAccumulator';
import type { Phases } from './benchRequest';

/**
 * The same run with a stopwatch on each of its ports: what it does is not changed.
 * @returns the request to run, and the seconds of each phase once it has run
 */
export function timePorts(request: RunRequest): {
  request: RunRequest;
  phases: (seconds: number) => Phases;
} {
  const spent = { tokenise: 0, forward: 0, reduce: 0, write: 0 };
  const timed = async <Result>(phase: keyof typeof spent, work: () => Promise<Result>): Promise<Result> => {
    const started = performance.now();
    try {
      return await work();
    } finally {
      spent[phase] += (performance.now() - started) / 1000;
    }
  };
  const writing = overlapping((seconds) => (spent.write += seconds));
  const { tokenizer, model, store, createAccumulator } = request;
  return {
    request: {
      ...request,
      tokenizer: { ...tokenizer, tokenize: (text) => timed('tokenise', () => tokenizer.tokenize(text)) },
      model: forwarding(model, { run: (batch) => timed('forward', () => model.run(batch)) }),
      store: forwarding(store, { write: (name, chunks) => writing(() => store.write(name, chunks)) }),
      createAccumulator: (neurons) => timedAccumulator(createAccumulator(neurons), spent),
    },
    phases: (seconds) => ({ ...spent, rest: seconds - spent.forward - spent.reduce - spent.write }),
  };
}

/** A stopwatch for work of which several pieces may go on at once: it runs while there is any. */
function overlapping(spend: (seconds: number) => void): (work: () => Promise<void>) => Promise<void> {
  let running = 0;
  let started = 0;
  return async (work) => {
    if (running++ === 0) started = performance.now();
    try {
      await work();
    } finally {
      if (--running === 0) spend((performance.now() - started) / 1000);
    }
  };
}

function timedAccumulator(accumulator: SiteAccumulator, spent: { reduce: number }): SiteAccumulator {
  const timed = (work: () => void) => {
    const started = performance.now();
    work();
    spent.reduce += (performance.now() - started) / 1000;
  };
  return forwarding(accumulator, {
    start: (stretches) => timed(() => accumulator.start(stretches)),
    finish: () => timed(() => accumulator.finish()),
  });
}
