/**
 * How long a reader waits for a profile: `node tools/bench/profile-reading.mjs PROFILE [--rounds 15] [--json]`.
 * Measures a neuron's page and a ranked list, each from a profile opened anew with its files out of the system's cache
 * (where `dd` can do that), and both again from an open profile. The first call of each kind is left out: it loads code.
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { forgetCache } from './forgetCache.mjs';
import { loadSources } from './sources.mjs';
import { spread } from './spread.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (!folder) {
  console.error('Name a profile: node tools/bench/profile-reading.mjs PROFILE');
  process.exit(2);
}
const { openProfileFolder, formatSite } = await loadSources('profile-reading', {
  'src/runtime/profiles/openProfileFolder': ['openProfileFolder'],
  'src/core/common/neuronAddress': ['formatSite'],
});
const SORTS = ['topShare', 'max', 'min', 'density', 'kurtosis', 'skewness'];
const all = Number.MAX_SAFE_INTEGER;
const rounds = Number(options.rounds);
const warm = await openProfileFolder(folder);
const { tables, manifest } = warm;
const neurons = tables.reduce((sum, { site }) => sum + site.dFf, 0);

const measured = {
  'page, cold': await repeat(async (round) =>
    timed(await cold(), (profile) => profile.page(neuronOf(round))),
  ),
  'page, profile open': await repeat((round) =>
    timed(
      () => warm,
      (profile) => profile.page(neuronOf(round + 50)),
    ),
  ),
  'list of all neurons, cold': await repeat(async (round) => timed(await cold(), list(round))),
  'list of all neurons, profile open': await repeat((round) => timed(() => warm, list(round))),
  'list of 100 neurons, profile open': await repeat((round) => timed(() => warm, list(round, 100))),
  'layers with their counts': await repeat(() =>
    timed(
      () => warm,
      (profile) => profile.overview(),
    ),
  ),
  'list of 100 neurons of a layer': await repeat((round) =>
    timed(() => warm, list(round, 100, formatSite(tables[round % tables.length].site))),
  ),
};
const result = {
  neurons,
  segments: manifest.segments.length,
  tokens: manifest.corpus.tokens,
  rounds,
  measured,
};
if (options.json) console.log(JSON.stringify(result, null, 2));
else {
  console.log(
    `${neurons} neurons, ${result.segments} segments; ms, median of ${rounds} (fastest to slowest)`,
  );
  for (const [what, { wall, processor }] of Object.entries(measured)) {
    console.log(`${what.padEnd(34)} wall ${text(wall)}   processor ${text(processor)}`);
  }
}

/** Puts the profile's files out of the cache. @returns what opens it anew */
async function cold() {
  await forgetCache(folder);
  return () => openProfileFolder(folder);
}

function list(round, limit = all, site) {
  const sort = SORTS[round % SORTS.length];
  return (profile) => profile.neurons({ sort, offset: 0, limit, ...(site && { site }) });
}

async function repeat(measureOne) {
  await measureOne(0);
  const times = [];
  for (let round = 1; round <= rounds; round++) times.push(await measureOne(round));
  return {
    wall: spread(times.map(({ wall }) => wall)),
    processor: spread(times.map((time) => time.processor)),
  };
}

/** Milliseconds of the clock and of the processor that opening and asking take. */
async function timed(open, ask) {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const profile = await open();
  await ask(profile);
  const { user, system } = process.cpuUsage(used);
  const wall = performance.now() - started;
  if (profile !== warm) await profile.close();
  return { wall, processor: (user + system) / 1000 };
}

/** Another neuron each round, over all layers. */
function neuronOf(round) {
  const { site } = tables[(round * 7) % tables.length];
  return { ...site, neuron: (round * 331) % site.dFf };
}

function text({ median, min, max }) {
  return `${median.toFixed(1).padStart(6)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
}
