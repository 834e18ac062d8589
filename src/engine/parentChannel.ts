import { setTimeout as pause } from 'node:timers/promises';
import { LensError } from '../core/common/errors';
import { engineContract, HEARTBEAT_INTERVAL, type EngineContract } from '../protocol/engine';
import { connectHandlers, type Handlers, type MessageToCaller } from '../protocol/rpc';

/** What a running profile may take to be saved once the editor is gone; in milliseconds. */
const SAVING_TIME = 8_000;

/**
 * Answers the process that forked this one, and ends this one when it is gone.
 * @param idle resolves when nothing runs that should still be saved
 */
export function serveParent(handlers: Handlers<EngineContract>, idle: () => Promise<void>): void {
  const connection = connectHandlers(engineContract, handlers, send);
  process.on('message', (message) => connection.receive(message));
  process.once('disconnect', () => {
    connection.close(new LensError('cancelled', 'The editor closed. The work so far is kept.'));
    void Promise.race([idle(), pause(SAVING_TIME)]).then(() => process.exit(0));
  });
  setInterval(() => send({ kind: 'heartbeat' }), HEARTBEAT_INTERVAL);
}

function send(message: MessageToCaller): void {
  // The editor may vanish at any moment. `disconnect` deals with that: a message that cannot arrive is no error.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
