import { window, type Disposable } from 'vscode';
import type { Lens } from '../lens';
import { currentChoice } from '../models/modelChoice';
import { openPrompts, restorePrompts } from '../panels/promptPanel';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { registerFor } from '../showError';

/** What another page asks the prompts for. */
export interface PromptWish extends Pick<PinnedNeuron, 'profile'> {
  readonly prompts: readonly string[];
  readonly neurons: readonly string[];
}

/** "Compare Prompts…": with what is selected, or with two prompts to be written. */
export function activatePromptCommands(lens: Lens): Disposable[] {
  return [
    registerFor(lens)('comparePrompts', async (wish?: Partial<PromptWish>) => {
      const found = wish?.profile ? await lens.library.find(wish.profile) : lens.current.entry;
      const entry = found && 'manifest' in found ? found : null;
      const followed = entry && entry.folder === lens.current.entry?.folder ? lens.current.neuron : null;
      openPrompts(
        lens,
        {
          ...{ entry, model: currentChoice() },
          prompts: wish?.prompts ?? selectedPrompts(),
          neurons: wish?.neurons ?? (followed === null ? [] : [followed]),
        },
        lens.pages.column,
      );
    }),
    restorePrompts(lens),
  ];
}

/** Each selected stretch is a prompt; a single one is there twice, so that what is changed in it is all that differs. */
function selectedPrompts(): string[] {
  const { document, selections = [] } = window.activeTextEditor ?? {};
  const texts = selections.filter(({ isEmpty }) => !isEmpty).map((selection) => document!.getText(selection));
  const [only = '', ...others] = texts;
  return others.length === 0 ? [only, only] : texts.slice(0, MOST_PROMPTS);
}

/** Prompts that are begun with. */
const MOST_PROMPTS = 6;
