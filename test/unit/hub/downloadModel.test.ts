import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadModel } from '../../../src/runtime/hub/downloadModel';
import type { DownloadOptions } from '../../../src/runtime/hub/downloadModel';
import type { HubSettings } from '../../../src/runtime/hub/hubSettings';
import type { DownloadProgress } from '../../../src/runtime/hub/progressMeter';
import { temporaryFolder } from '../files/temporaryFolder';
import { COMMIT, StandInHub } from './standInHub';
import type { Fault } from './standInHub';

const cache = temporaryFolder();
const id = 'org/tiny-model';
const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * seed) & 0xff);
const MODEL = bytesOf(300_000, 3);
const files = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': bytesOf(5000, 5),
  'README.md': Buffer.from('not needed'),
  'model.safetensors': bytesOf(9000, 7),
  'onnx/model.onnx': bytesOf(2000, 9),
  'onnx/model.onnx_data': MODEL,
  'onnx/model_quantized.onnx': bytesOf(80_000, 11),
};

let hub: StandInHub;
let settings: HubSettings;
beforeEach(async () => {
  hub = new StandInHub(id, files);
  await hub.start();
  settings = {
    endpoint: hub.endpoint,
    token: 'hf_secret',
    tokenAdvice: 'set HF_TOKEN to a token of yours',
    proxyAdvice: '',
    cacheFolder: cache.path,
    retryDelays: [1, 1, 1],
    notice: () => undefined,
    patience: 300,
  };
});
afterEach(() => hub.stop());

const repository = (): string => join(cache.path, 'models--org--tiny-model');
const snapshot = (): string => join(repository(), 'snapshots', COMMIT);

async function download(options: Partial<DownloadOptions> = {}, model = id): Promise<string> {
  const { folder } = await downloadModel(settings, model, {
    signal: new AbortController().signal,
    ...options,
  });
  return folder;
}

/** Downloads with these faults, of which the first meets config.json's request. */
async function downloadDespite(...faults: Fault[]): Promise<void> {
  hub.faults = faults;
  await download({ dtype: 'q8' });
  for (const path of ['config.json', 'tokenizer.json', 'onnx/model_quantized.onnx'] as const) {
    expect(readFileSync(join(snapshot(), path)).equals(files[path])).toBe(true);
  }
  expect(readdirSync(join(repository(), 'blobs')).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
}

describe('a model from the Hub', () => {
  it('comes with what its dtype needs, in the layout that Python shares', async () => {
    expect(await download()).toBe(snapshot());
    expect(readdirSync(snapshot(), { recursive: true }).sort()).toEqual([
      'config.json',
      'onnx',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
      'tokenizer.json',
    ]);
    expect(readFileSync(join(snapshot(), 'onnx/model.onnx_data')).equals(MODEL)).toBe(true);
    expect(readFileSync(join(repository(), 'refs/main'), 'utf8')).toBe(COMMIT);
    expect(lstatSync(join(snapshot(), 'config.json')).isSymbolicLink()).toBe(true);
    // The names that huggingface_hub gives: what `git hash-object` says of a small file, SHA-256 of a large one.
    expect(readlinkSync(join(snapshot(), 'config.json'))).toBe(
      '../../blobs/3967ff7fee9d40eb77abadd6a292230496ca9f24',
    );
    expect(readlinkSync(join(snapshot(), 'onnx/model.onnx'))).toMatch(
      /^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/,
    );
  });

  it('is not fetched again, another dtype only in what it lacks', async () => {
    await download();
    const before = hub.seen.length;
    await download();
    expect(hub.seen.length).toBe(before + 1);
    await download({ dtype: 'q8' });
    const added = hub.seen.slice(before + 1).filter(({ url }) => url.includes('/resolve/'));
    expect(added.map(({ url }) => url)).toEqual([`/${id}/resolve/${COMMIT}/onnx/model_quantized.onnx`]);
  });

  it('keeps the token from the servers that it is redirected to', async () => {
    await download();
    const tokens = (host: string): unknown[] => [
      ...new Set(
        hub.seen.filter((request) => request.host === host).map(({ authorization }) => authorization),
      ),
    ];
    expect(tokens('hub')).toEqual(['Bearer hf_secret']);
    expect(tokens('content')).toEqual([undefined]);
  });

  it('reports bytes that grow to the total, with the time left', async () => {
    const seen: DownloadProgress[] = [];
    await download({ onProgress: (progress) => seen.push(progress) });
    const total = 21 + 5000 + 2000 + 300_000;
    expect(seen.at(-1)).toMatchObject({ bytesDone: total, bytesTotal: total });
    expect(seen.every(({ bytesDone }, index) => index === 0 || bytesDone >= seen[index - 1]!.bytesDone)).toBe(
      true,
    );
  });
});

describe('a download that goes wrong', () => {
  it.each<[string, Fault[]]>([
    ['429 with Retry-After', [{ kind: 'status', status: 429, headers: { 'retry-after': '0.01' } }]],
    ['500, 502 and 503', [500, 502, 503].map((status) => ({ kind: 'status', status }))],
    ['a connection cut at once', [{ kind: 'cut', after: 0 }]],
    ['connections cut again and again', [1, 2, 3, 4, 5, 6].map((after) => ({ kind: 'cut', after }))],
    ['a connection that stalls', [{ kind: 'stall', after: 7 }]],
    ['a server that knows no ranges', [{ kind: 'cut', after: 9 }, { kind: 'no ranges' }]],
    ['wrong bytes once', [{ kind: 'wrong bytes' }]],
    ['an empty error page', [{ kind: 'status', status: 504 }]],
  ])('survives %s', async (_, faults) => {
    await downloadDespite(...faults);
  });

  it('goes on where the connection was cut, also in a later run', async () => {
    hub.faults = [{ kind: 'cut', after: 999 }];
    await download();
    await hub.stop();
    hub = new StandInHub(id, { ...files, 'onnx/model_quantized.onnx': bytesOf(80_000, 11) });
    await hub.start();
    settings = { ...settings, endpoint: hub.endpoint, retryDelays: [] };
    hub.faults = [{ kind: 'cut', after: 30_000 }];
    await expect(download({ dtype: 'q8' })).rejects.toMatchObject({ code: 'network' });
    await download({ dtype: 'q8' });
    const ranges = hub.requestsFor('/content/onnx/model_quantized.onnx').map(({ range }) => range);
    expect(ranges[0]).toBeUndefined();
    expect(Number(/^bytes=(\d+)-$/.exec(ranges[1] ?? '')?.[1])).toBeGreaterThan(0);
    expect(
      readFileSync(join(snapshot(), 'onnx/model_quantized.onnx')).equals(files['onnx/model_quantized.onnx']),
    ).toBe(true);
  });

  it('throws away what is longer than the file or has other bytes', async () => {
    await download({ dtype: 'q8' });
    const blob = readlinkSync(join(snapshot(), 'config.json')).replace('../..', repository());
    for (const leftOver of ['x'.repeat(50), 'x'.repeat(21), 'x'.repeat(10)]) {
      rmSync(join(snapshot(), 'config.json'));
      rmSync(blob);
      writeFileSync(`${blob}.incomplete`, leftOver);
      await downloadDespite();
    }
  });

  it('gives up when the bytes are wrong twice, and keeps none of them', async () => {
    hub.faults = [{ kind: 'wrong bytes' }, { kind: 'wrong bytes' }];
    await expect(download()).rejects.toThrow(/config\.json of org\/tiny-model arrived damaged twice/);
    expect(readdirSync(join(repository(), 'blobs'))).toEqual([]);
    expect(existsSync(join(repository(), 'refs'))).toBe(false);
  });

  it('gives up when nothing comes any more, and says so', async () => {
    await hub.stop();
    await expect(download()).rejects.toThrow(/cannot be reached \(.*ECONNREFUSED.*what has arrived is kept/);
    await hub.start();
    settings = { ...settings, endpoint: hub.endpoint };
    hub.faults = Array.from({ length: 20 }, () => ({ kind: 'stall', after: 0 }));
    await expect(download()).rejects.toThrow('nothing came for 0.3 s');
  });

  it('stops when it is cancelled, and goes on later', async () => {
    const controller = new AbortController();
    hub.faults = [
      { kind: 'cut', after: 21 },
      { kind: 'stall', after: 100 },
    ];
    const cancelled = download({
      dtype: 'q8',
      signal: controller.signal,
      onProgress: ({ bytesDone }) => bytesDone >= 100 && controller.abort(new Error('cancelled')),
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    await downloadDespite();
    expect(hub.requestsFor('/content/tokenizer.json').at(-1)!.range).toBe('bytes=100-');
  });

  it('follows no redirect without end', async () => {
    hub.faults = Array.from({ length: 99 }, () => ({
      kind: 'redirect',
      location: `/${id}/resolve/${COMMIT}/config.json`,
    }));
    await expect(download()).rejects.toThrow('in circles');
  });

  it('asks for space before it fetches anything', async () => {
    hub.claimedSize = 2 ** 52;
    await expect(download()).rejects.toMatchObject({ code: 'disk-full' });
    expect(hub.seen).toHaveLength(1);
  });

  it('is left to the process that is at it already', async () => {
    const lock = join(cache.path, '.locks', 'org--tiny-model.neuron-lens');
    mkdirSync(lock, { recursive: true });
    writeFileSync(
      join(lock, '.lock'),
      JSON.stringify({ process: process.pid, host: hostname(), since: 'now', nonce: 'n' }),
    );
    await expect(download()).rejects.toMatchObject({ code: 'profile-locked' });
  });
});

describe('a model that cannot be had', () => {
  it.each([
    [401, 'GatedRepo', null, /is gated: accept its conditions at .*then set HF_TOKEN/],
    [403, 'GatedRepo', 't', /is gated: .* with the account of your token/],
    [401, 'RepoNotFound', null, /no model org\/tiny-model .* private: set HF_TOKEN/],
    [404, 'RepoNotFound', 't', /no model org\/tiny-model .* that your token may read/],
    [404, 'RevisionNotFound', null, /no such revision/],
    [401, undefined, null, /set HF_TOKEN/],
    [403, undefined, 't', /does not accept your token/],
    [500, undefined, null, /a problem of its own \(status 500\)/],
    [429, undefined, null, /fewer requests/],
  ])('is explained: %s %s with token %s', async (status, code, token, sentence) => {
    hub.apiFault = { status, ...(code !== undefined && { code }) };
    settings = { ...settings, token };
    await expect(download()).rejects.toThrow(sentence);
  });

  it('says how to export a model without ONNX, and which dtypes there are', async () => {
    await expect(download({ dtype: 'q4' })).rejects.toThrow('has no q4 file: choose one of fp32, q8');
    const torch = new StandInHub(id, { 'model.safetensors': bytesOf(2000, 1) });
    await torch.start();
    settings = { ...settings, endpoint: torch.endpoint };
    await expect(download()).rejects.toThrow('optimum-cli export onnx --model org/tiny-model');
    await torch.stop();
  });

  it('is not looked for under a name that is none', async () => {
    for (const name of ['', 'a/b/c', '../x', 'org/..', 'org/name@../../x', 'org/na me']) {
      await expect(download({}, name)).rejects.toMatchObject({ code: 'usage' });
    }
    expect(hub.seen).toEqual([]);
  });

  it('tells a login page from the Hub', async () => {
    hub.apiFault = { status: 200, body: '<html>please log in</html>' };
    await expect(download()).rejects.toThrow('does not answer as the Hub does');
  });

  it('never writes outside the cache, whatever the Hub names', async () => {
    const hostile = new StandInHub(id, {
      ...files,
      'onnx/../../../../escaped.onnx': bytesOf(2000, 1),
      '/abs.onnx': bytesOf(2000, 1),
    });
    await hostile.start();
    settings = { ...settings, endpoint: hostile.endpoint };
    await download();
    expect(hostile.seen.some(({ url }) => /escaped|abs/.test(url))).toBe(false);
    await hostile.stop();
  });
});
