import { commands, type Disposable } from 'vscode';
import { toLensError } from '../core/common/errors';
import type { EngineClient } from './engineClient/engineClient';
import type { Log } from './surfaces/log';
import { tellError } from './surfaces/messages';

/** What an error needs to be shown: the log that it is written to, and the engine that may have to start again. */
export interface ErrorServices {
  readonly log: Log;
  readonly engine: Pick<EngineClient, 'restart'>;
}

/** Shows an error's sentence with a way to the log, and to a new engine where that is the cure. Cancelling is silent. */
export async function showError({ log, engine }: ErrorServices, thrown: unknown): Promise<void> {
  const error = toLensError(thrown);
  if (error.code === 'cancelled') return;
  log.error(error.message, error.cause ?? error.stack ?? '');
  const restart = 'Restart Engine';
  const show = 'Show Log';
  const actions = error.code === 'engine-unavailable' ? [restart, show] : [show];
  const chosen = await tellError(error.message, ...actions);
  if (chosen === show) log.show();
  if (chosen === restart) await engine.restart();
}

/** A command whose errors are shown, so that none is lost in a rejected promise: it then answers with nothing. */
export function guarded<Args extends unknown[]>(
  services: ErrorServices,
  work: (...args: Args) => unknown,
): (...args: Args) => Promise<unknown> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (thrown) {
      await showError(services, thrown);
      return undefined;
    }
  };
}

/**
 * Registers commands whose errors are shown.
 * @returns what takes a command's name without the prefix `neuronLens.`
 */
export function registerFor(
  services: ErrorServices,
): (name: string, work: (...args: never[]) => unknown) => Disposable {
  return (name, work) => commands.registerCommand(`neuronLens.${name}`, guarded(services, work));
}
