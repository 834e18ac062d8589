import { commands, type Disposable } from 'vscode';
import type { Lens } from '../lens';
import { guarded } from '../showError';

/**
 * Registers a command whose errors are shown.
 * @param name without the prefix `neuronLens.`
 */
export type Register = (name: string, work: (...args: never[]) => unknown) => Disposable;

export function registerFor(lens: Lens): Register {
  return (name, work) => commands.registerCommand(`neuronLens.${name}`, guarded(lens, work));
}
