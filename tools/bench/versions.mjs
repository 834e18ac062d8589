/**
 * The profile side of the bench of several versions of the program, in turns: seconds of each phase, medians with the
 * fastest behind. Each version is a folder of the repository that was built, and runs in one warm process.
 * `node tools/bench/versions.mjs VERSION… [--text sample] [--model default] [--rounds 5] [--limit-tokens N]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    text: { type: 'string', default: 'sample' },
    model: { type: 'string', default: 'default' },
    rounds: { type: 'string', default: '5' },
    'limit-tokens': { type: 'string' },
  },
});
const text = resolve(options.text);
const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));

/** A version's process, with its model open. */
async function openVersion(version, number) {
  const root = resolve(version);
  const child = fork(join(root, 'dist/cli.cjs'), ['bench-side', 'profile'], { cwd: root });
  const ask = async (task) => {
    child.send(task);
    const [answer] = await once(child, 'message');
    if ('failed' in answer) throw new Error(`${version}: ${answer.failed}`);
    return answer;
  };
  const request = {
    model: options.model === 'default' ? 'default' : resolve(options.model),
    inputs: [text],
    root: text,
    out: join(folder, String(number)),
    quantity: ['act'],
    tested: false,
    include: [],
    exclude: [],
    resume: false,
    overwrite: true,
    keepSpecial: false,
    keepSinks: false,
    keepText: true,
    seed: 1,
    threads: 2,
    embeddedModel: join(root, 'media/embedded-model'),
    tool: 'bench',
    ...(options['limit-tokens'] && { limitTokens: Number(options['limit-tokens']) }),
  };
  await ask({ open: { request, plan: null, batchTokens: null } });
  return { version, child, runs: [], run: async () => (await ask({ run: true })).ran };
}

function told(runs, of) {
  const sorted = runs.map(of).sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(3)} (${sorted[0].toFixed(3)})`;
}

const versions = await Promise.all(positionals.map(openVersion));
for (let round = 0; round < Number(options.rounds); round++) {
  for (const version of round % 2 ? versions.toReversed() : versions) version.runs.push(await version.run());
}
for (const { version, child, runs } of versions) {
  const figures = { seconds: (run) => run.seconds, processor: (run) => run.processorSeconds };
  for (const phase of Object.keys(runs[0].phases)) figures[phase] = (run) => run.phases[phase];
  console.log(version, `${runs[0].tokens} tokens`);
  for (const [name, of] of Object.entries(figures)) console.log(`  ${name.padEnd(10)} ${told(runs, of)}`);
  child.kill();
}
await rm(folder, { recursive: true });
