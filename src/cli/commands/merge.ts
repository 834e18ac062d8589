import type { Command } from 'commander';
import { formatCount } from '../../core/common/numberFormat';
import { mergeProfileFolders } from '../../runtime/profiling/mergeProfileFolders';
import { VERSION } from '../environment';
import { printJson, printLine, printNotice } from '../output/print';

/** `merge DIR… --out DIR`: one profile from shards. */
export function registerMergeCommand(program: Command): void {
  program
    .command('merge')
    .description(
      'Makes one profile of several that share model, tokenizer and plan, such as the shards of a run.',
    )
    .argument('<profile...>', 'profile folders')
    .requiredOption('--out <folder>', 'where the merged profile goes')
    .option('--json', 'print the manifest as JSON', false)
    .action(async (folders: string[], flags: { out: string; json: boolean }) => {
      const tool = `neuron-lens ${VERSION}`;
      const manifest = await mergeProfileFolders(folders, flags.out, tool, printNotice);
      if (flags.json) printJson(manifest);
      else
        printLine(
          `${formatCount(manifest.corpus.tokens)} tokens of ${folders.length} profiles: ${flags.out}`,
        );
    });
}
