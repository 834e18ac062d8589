import { window } from 'vscode';
import { toLensError } from '../core/common/errors';
import type { Lens } from './lens';

/** Shows an error's sentence with a way to the log, and to a new engine where that is the cure. Cancelling is silent. */
export async function showError(lens: Pick<Lens, 'log' | 'engine'>, thrown: unknown): Promise<void> {
  const error = toLensError(thrown);
  if (error.code === 'cancelled') return;
  lens.log.error(error.message, error.cause ?? error.stack ?? '');
  const restart = 'Restart Engine';
  const show = 'Show Log';
  const actions = error.code === 'engine-unavailable' ? [restart, show] : [show];
  const chosen = await window.showErrorMessage(error.message, ...actions);
  if (chosen === show) lens.log.show();
  if (chosen === restart) await lens.engine.restart();
}

/** A command whose errors are shown, so that none is lost in a rejected promise. */
export function guarded<Args extends unknown[]>(
  lens: Pick<Lens, 'log' | 'engine'>,
  work: (...args: Args) => unknown,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args);
    } catch (thrown) {
      await showError(lens, thrown);
    }
  };
}
