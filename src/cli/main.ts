import { Command, CommanderError } from 'commander';
import { LensError, toLensError } from '../core/common/errors';
import { registerActivationsCommand } from './commands/activations';
import { registerBenchCommand } from './commands/bench';
import { registerBenchSideCommand } from './commands/benchSide';
import { registerMergeCommand } from './commands/merge';
import { registerModelsCommand } from './commands/models';
import { registerNeuronCommand } from './commands/neuron';
import { registerNeuronsCommand } from './commands/neurons';
import { registerProfileCommand } from './commands/profile';
import { registerReportCommand } from './commands/report';
import { registerSelectionCommand } from './commands/selection';
import { registerSitesCommand } from './commands/sites';
import { VERSION } from './environment';
import { PARSER_OUTPUT, printCause, printNotice } from './output/print';

/** Exit statuses of docs/cli.md. */
const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 };

const program = new Command('neuron-lens')
  .description('Shows what single FFN neurons of a transformer respond to, in your own text.')
  .version(VERSION)
  .showHelpAfterError('(run with --help for the options)')
  .configureOutput(PARSER_OUTPUT)
  .exitOverride();

for (const register of [
  registerProfileCommand,
  registerNeuronsCommand,
  registerNeuronCommand,
  registerSelectionCommand,
  registerReportCommand,
  registerMergeCommand,
  registerSitesCommand,
  registerActivationsCommand,
  registerBenchCommand,
  registerBenchSideCommand,
  registerModelsCommand,
]) {
  register(program);
}

program.parseAsync().catch((thrown: unknown) => {
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
