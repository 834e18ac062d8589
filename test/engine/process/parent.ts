/** An editor that forks an engine, starts a profile, says the engine's process id and is then killed. */
import { EngineClient } from '../../../src/vscode/engineClient/engineClient';

const [, , script = '', journal = ''] = process.argv;
const silent = { info: () => undefined, warn: () => undefined };
const client = new EngineClient({
  script,
  embeddedModel: journal,
  nodePath: () => process.execPath,
  log: silent,
});
const { id } = await client.calls.describeModel({ model: 'engine' });
const request = { inputs: ['a'], root: '.', model: 'm', out: 'o', exclude: [], resume: false, threads: null };
void client.calls.profile(request, { onProgress: () => process.stdout.write(`${id}\n`) });
