import { Command } from 'commander';
import { registerAblateCommand } from './commands/ablate';
import { registerActivationsCommand } from './commands/activations';
import { registerAttributeCommand } from './commands/attribute';
import { registerBenchCommand } from './commands/bench';
import { registerBenchSideCommand } from './commands/benchSide';
import { registerConceptsCommand } from './commands/concepts';
import { registerEffectCommand } from './commands/effect';
import { registerMergeCommand } from './commands/merge';
import { registerModelsCommand } from './commands/models';
import { registerNeuronCommand } from './commands/neuron';
import { registerNeuronsCommand } from './commands/neurons';
import { registerProfileCommand } from './commands/profile';
import { registerReportCommand } from './commands/report';
import { registerSelectionCommand } from './commands/selection';
import { registerSitesCommand } from './commands/sites';
import { VERSION } from './environment';
import { PARSER_OUTPUT } from './output/print';

/** The command line with all its commands, ready to parse. What it says of itself is held against docs/cli.md. */
export function lensProgram(): Command {
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
    registerConceptsCommand,
    registerAblateCommand,
    registerEffectCommand,
    registerAttributeCommand,
    registerMergeCommand,
    registerSitesCommand,
    registerActivationsCommand,
    registerBenchCommand,
    registerBenchSideCommand,
    registerModelsCommand,
  ]) {
    register(program);
  }
  return program;
}
