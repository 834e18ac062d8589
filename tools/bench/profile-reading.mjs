/**
 * How long a reader waits for a large profile: `node tools/bench/profile-reading.mjs [segments]`.
 * Makes a profile of 30 layers × 1,536 neurons in a temporary folder (0.4 GB a segment), then measures a page and a
 * ranked list, each from a profile opened anew and with the files out of the system's cache (where `dd` can do that).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const LAYERS = 30;
const NEURONS = 1536;
const DOCUMENTS = 200;
const TOKENS = 500;
const ROUNDS = 9;
const segments = Number(process.argv[2] ?? 1);

const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
try {
  const lens = await bundled(folder);
  const store = new lens.FolderStore(join(folder, 'profile'));
  await makeProfile(lens, store);
  const list = [];
  const page = [];
  for (let round = 0; round < ROUNDS; round++) {
    await forgetCache(join(folder, 'profile'));
    page.push(await timed(lens, store, (profile) => profile.page(neuron(round))));
    await forgetCache(join(folder, 'profile'));
    list.push(
      await timed(lens, store, (profile) => profile.neurons({ sort: 'kurtosis', offset: 0, limit: 100 })),
    );
  }
  const warm = await lens.openProfile({ store, compression: lens.deflate });
  await warm.page(neuron(0));
  const warmPage = [];
  for (let round = 0; round < ROUNDS; round++)
    warmPage.push(await measure(() => warm.page(neuron(round + 50))));
  console.log(`${segments} segments, ${LAYERS * NEURONS} neurons, median of ${ROUNDS} (slowest), ms`);
  report('page, cold', page);
  report('page, open profile', warmPage);
  report('list of 100 by kurtosis, cold', list);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bundled(target) {
  const outfile = join(target, 'lens.mjs');
  const src = (path) => JSON.stringify(join(import.meta.dirname, '../../src', path));
  await build({
    stdin: {
      contents: `
        export { FolderStore } from ${src('runtime/files/folderStore')};
        export { deflate } from ${src('runtime/files/deflate')};
        export { openProfile } from ${src('core/profile/openProfile')};
        export { ProfileFolder } from ${src('core/profile/profileFolder')};
        export { writeTables } from ${src('core/profile/sitesFile')};
        export { TextPartWriter } from ${src('core/profile/texts/textPartWriter')};
        export { documentTable } from ${src('core/profile/texts/documentTable')};
        export { createSiteAccumulator } from ${src('core/stats/siteAccumulator')};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

async function makeProfile(lens, store) {
  const tables = Array.from({ length: LAYERS }, (_, layer) => ({
    quantity: 'act',
    site: {
      part: 'model',
      layer,
      block: null,
      expert: null,
      dModel: 576,
      dFf: NEURONS,
      gated: true,
      packed: false,
      activation: 'silu',
      sharedWith: null,
      quantities: ['act', 'gate', 'up'],
    },
  }));
  await lens.writeTables(store, tables);
  const texts = new lens.TextPartWriter(store, lens.deflate, 0);
  const folderOfProfile = new lens.ProfileFolder(store, tables);
  const tokens = [];
  for (let segment = 0; segment < segments; segment++) {
    const rows = [];
    for (let document = 0; document < DOCUMENTS; document++) {
      const file = `folder/file-${String(segment).padStart(2, '0')}-${String(document).padStart(4, '0')}.txt`;
      const words = Array.from({ length: TOKENS }, (_, i) => `word${(i * 7919 + document * 104729) % 5000}`);
      const text = words.join(' ');
      const starts = new Uint32Array(TOKENS);
      words.forEach((word, i) => (starts[i] = i === 0 ? 0 : starts[i - 1] + words[i - 1].length + 1));
      const ends = starts.map((start, i) => start + words[i].length);
      const source = {
        key: file,
        file,
        record: null,
        text,
        offsetBase: 0,
        locate: (at) => ({ line: 1, column: at + 1 }),
      };
      const tokenized = { ids: starts.map((_, i) => i), starts, ends, special: new Uint8Array(TOKENS) };
      rows.push({ ...(await texts.add(source, tokenized)), key: file, file, record: null, offsetBase: 0 });
      tokens.push(file);
    }
    await texts.flush();
    const summary = randomSummary(lens, segment);
    const excluded = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
    await folderOfProfile.closeSegment({
      segment: { documents: lens.documentTable(rows), table: () => Promise.resolve({ summary, excluded }) },
      units: rows.map(({ key }) => key),
      tokens: DOCUMENTS * TOKENS,
    });
  }
  await folderOfProfile.finish(
    facts(),
    tokens.map((file) => ({ file, bytes: 1, sha256: hash(file) })),
  );
}

function randomSummary(lens, seed) {
  const accumulator = lens.createSiteAccumulator({ neurons: NEURONS });
  let state = seed + 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let document = 0; document < DOCUMENTS; document++) {
    const values = Float32Array.from(
      { length: 8 * NEURONS },
      () => (random() + random() + random() - 1.5) ** 3,
    );
    accumulator.add({
      document,
      firstToken: 50,
      tokenCount: 8,
      endsDocument: true,
      values,
      rowOf: Int32Array.from({ length: 8 }, (_, i) => i),
      hashes: Uint32Array.from({ length: 8 }, () => random() * 2 ** 32),
    });
  }
  return accumulator.summary();
}

function facts() {
  return {
    tool: 'bench',
    created: new Date(0).toISOString(),
    model: { id: 'bench', file: '', sha256: '', dtype: 'fp32', opset: 17, activation: 'silu' },
    tokenizer: { sha256: '' },
    plan: {
      window: 256,
      stride: 224,
      scoring: 'left',
      quantity: ['act'],
      layers: [0, LAYERS - 1],
      keepSpecial: false,
      keepSinks: false,
      dropSinks: null,
      seed: 1,
    },
    corpus: {
      root: '/',
      files: DOCUMENTS,
      documents: DOCUMENTS,
      tokens: DOCUMENTS * TOKENS * segments,
      sha256: '',
      skipped: { binary: 0, ignored: 0, unreadable: 0, brokenRecords: 0 },
      limitTokens: null,
      shard: null,
    },
    engine: { onnxruntime: '', provider: '', batchTokens: 512 },
    sinkMedians: null,
    seconds: 1,
    tokensPerSecond: 1,
  };
}

function neuron(round) {
  return {
    part: 'model',
    layer: (round * 7) % LAYERS,
    block: null,
    expert: null,
    neuron: (round * 331) % NEURONS,
  };
}

function timed(lens, store, ask) {
  return measure(async () => ask(await lens.openProfile({ store, compression: lens.deflate })));
}

async function measure(action) {
  const [started, used] = [performance.now(), process.cpuUsage()];
  await action();
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - started, processor: (user + system) / 1000 };
}

async function forgetCache(at) {
  for (const entry of await readdir(at, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    try {
      execFileSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], {
        stdio: 'ignore',
      });
    } catch {
      return;
    }
  }
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex');
}

function report(what, times) {
  const summary = (of) => {
    const sorted = times.map(of).sort((a, b) => a - b);
    return `${sorted[sorted.length >> 1].toFixed(1)} (${sorted.at(-1).toFixed(1)})`;
  };
  console.log(
    `${what}: wall ${summary(({ wall }) => wall)}, processor ${summary(({ processor }) => processor)}`,
  );
}
