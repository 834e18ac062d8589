import { CommanderError } from 'commander';
import { LensError, toLensError } from '../core/common/errors';
import { outliveReaders, printCause, printNotice } from './output/print';
import { lensProgram } from './program';

/** Exit statuses of docs/cli.md. */
const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 };

outliveReaders();
lensProgram()
  .parseAsync()
  .catch((thrown: unknown) => {
    process.exitCode = reportFailure(thrown);
  });

/** Says on stderr what happened, in one sentence, and gives the exit status for it. */
function reportFailure(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  const error = toLensError(thrown);
  printNotice(error.message);
  if (process.env['NEURON_LENS_DEBUG'] !== undefined) printCause(error.cause ?? error);
  if (error.code === 'cancelled') return EXIT.interrupted;
  return error instanceof LensError && error.code === 'usage' ? EXIT.usage : EXIT.failed;
}
