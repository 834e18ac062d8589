/** The engine process: runs models for the editor, one process apart, so that a native crash takes nothing with it. */
import { join } from 'node:path';
import { createHandlers } from './handlers';
import { serveParent } from './parentChannel';
import { Scheduler } from './scheduler';

const embeddedModel = process.argv[2] ?? '';
const scheduler = new Scheduler();
serveParent(createHandlers(scheduler, embeddedModel, join(__dirname, 'language.cjs')), () =>
  scheduler.idle(),
);
