import type { Command } from 'commander';
import { openBareSide } from '../../runtime/bench/bareSide';
import type { BenchRun, BenchSetup, BenchSide, OpenSide } from '../../runtime/bench/benchRequest';
import { openPlainSide } from '../../runtime/bench/plainSide';
import { openProfileSide } from '../../runtime/bench/profileSide';

const OPEN: Readonly<Record<BenchSide, (setup: BenchSetup) => Promise<OpenSide>>> = {
  bare: openBareSide,
  profile: openProfileSide,
  plain: openPlainSide,
};

/** What the bench asks of the process of one side: to open, then to run once at each `run`. */
export type BenchTask = { readonly open: BenchSetup } | { readonly run: true };
/** What that process answers. */
export type BenchAnswer =
  { readonly opened: BenchSetup } | { readonly ran: BenchRun } | { readonly failed: string };

/** The process of one side of `bench`, which forks it: sides in processes of their own have memory of their own. */
export function registerBenchSideCommand(program: Command): void {
  program.command('bench-side', { hidden: true }).argument('<side>').action(serve);
}

function serve(side: BenchSide): void {
  let opened: OpenSide | null = null;
  const answer = async (task: BenchTask): Promise<BenchAnswer> => {
    if ('open' in task) {
      opened = await OPEN[side](task.open);
      return { opened: opened.setup };
    }
    if (!opened) throw new Error('It was not opened.');
    return { ran: await opened.run() };
  };
  process.on('message', (task: BenchTask) => {
    answer(task)
      .catch((thrown: unknown): BenchAnswer => ({
        failed: thrown instanceof Error ? thrown.message : String(thrown),
      }))
      .then((reply) => process.send?.(reply))
      .catch(() => process.exit(1));
  });
  process.on('disconnect', () => process.exit(0));
}
