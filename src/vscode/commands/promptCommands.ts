import { window, type Disposable } from 'vscode';
import { MOST_PROMPTS } from '../../protocol/pages/prompt';
import type { Lens } from '../lens';
import { currentChoice } from '../models/modelChoice';
import { openPrompts, restorePrompts } from '../panels/promptPanel';
import { registerFor } from '../showError';

/** What another page wants prompts for. */
export interface PromptWish {
  /** Folder of the profile; empty for the model of the settings. */
  readonly profile: string;
  readonly prompts: readonly string[];
  readonly neurons: readonly string[];
}

/** "Compare Prompts…": with what is selected, or with two prompts to be written. */
export function activatePromptCommands(lens: Lens): Disposable[] {
  return [
    registerFor(lens)('comparePrompts', async (wish?: Partial<PromptWish>) => {
      const { neuron } = lens.current;
      const subject = isWish(wish)
        ? { ...wish, entry: wish.profile === '' ? null : await lens.library.find(wish.profile) }
        : { entry: lens.current.entry, prompts: selectedPrompts(), neurons: neuron === null ? [] : [neuron] };
      const entry = subject.entry && 'manifest' in subject.entry ? subject.entry : null;
      openPrompts(lens, { ...subject, entry, model: currentChoice() }, lens.pages.column);
    }),
    restorePrompts(lens),
  ];
}

/** The editor gives commands of its menus the file that they are chosen on. */
function isWish(wish: Partial<PromptWish> | undefined): wish is PromptWish {
  return wish?.prompts !== undefined && wish.neurons !== undefined && wish.profile !== undefined;
}

/** Each selected stretch is a prompt; a single one is there twice, so that what is changed in it is all that differs. */
function selectedPrompts(): string[] {
  const { document, selections = [] } = window.activeTextEditor ?? {};
  const texts = selections.filter(({ isEmpty }) => !isEmpty).map((selection) => document!.getText(selection));
  const [only = '', ...others] = texts;
  return others.length === 0 ? [only, only] : texts.slice(0, MOST_PROMPTS);
}
