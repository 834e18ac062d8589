import { join } from 'node:path';
import packageJson from '../../package.json';
import { LensError } from '../core/common/errors';
import { printNotice } from './output/print';

export const VERSION = packageJson.version;

/** Folder of the model that ships with the program, beside the bundle's own folder. */
export const EMBEDDED_MODEL = join(__dirname, '..', 'media', 'embedded-model');

/** The thread that reads languages, beside the bundle. */
export const LANGUAGE_PROGRAM = join(__dirname, 'language.cjs');

/**
 * A signal that Ctrl+C aborts, for work that can stop with what it has.
 * A second Ctrl+C ends the process at once.
 */
export function interruptSignal(): AbortSignal {
  const { signal, listen } = laterInterrupt();
  listen();
  return signal;
}

/**
 * As `interruptSignal`, from when `listen` is called. Until then Ctrl+C ends the process as the system does, at once:
 * nothing is there to be kept, and work that holds the thread, such as opening a model, could not hear of it.
 */
export function laterInterrupt(): { readonly signal: AbortSignal; readonly listen: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, listen: () => abortOnSignals(controller) };
}

function abortOnSignals(controller: AbortController): void {
  process.once('SIGINT', () => {
    printNotice('Stopping, and keeping what is done so far. Press Ctrl+C again to stop at once.');
    controller.abort(new LensError('cancelled', 'Interrupted. The work so far is kept.'));
  });
  process.once('SIGTERM', () => {
    controller.abort(new LensError('cancelled', 'Stopped. The work so far is kept.'));
  });
}
