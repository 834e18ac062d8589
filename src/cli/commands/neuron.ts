import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import { parseNeuron } from '../../core/common/neuronAddress';
import { meaningOf, nameText } from '../../core/concepts/neuronMeaning';
import type { Quantity } from '../../core/onnx/site';
import { openProfileFolder } from '../../runtime/profiles/openProfileFolder';
import { readFolderConcepts } from '../../runtime/profiles/readFolderConcepts';
import { describePage } from '../output/neuronPageText';
import { printJson, printText } from '../output/print';

/** `neuron DIR L3.N652`: one neuron's page as text or JSON. */
export function registerNeuronCommand(program: Command): void {
  program
    .command('neuron')
    .description('Shows one neuron: what it responds to, its statistics and histogram.')
    .argument('<profile>', 'profile folder')
    .argument('<neuron>', 'such as L3.N652')
    .option('--quantity <name>', 'act, pre, gate or up, where the profile has them')
    .option('--json', 'print JSON', false)
    .action(async (folder: string, name: string, flags: { quantity?: Quantity; json: boolean }) => {
      const address = parseNeuron(name);
      if (!address) {
        throw new LensError('usage', `"${name}" is no neuron. Name one like L3.N652: layer 3, neuron 652.`);
      }
      const profile = await openProfileFolder(folder);
      const page = await profile.page(
        address,
        flags.quantity === undefined ? {} : { quantity: flags.quantity },
      );
      const results = await readFolderConcepts(folder, profile.manifest);
      const meaning = meaningOf(results, page.neuron.id);
      if (flags.json) printJson({ ...page, ...meaning });
      else printText(describePage(page) + (meaning.name ? `\n\nGoes with: ${nameText(meaning.name)}` : ''));
    });
}
