import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, expect, it } from 'vitest';
import { LensError } from '../../src/core/common/errors';
import { downloadModel } from '../../src/runtime/hub/downloadModel';
import { searchModels } from '../../src/runtime/hub/hubModels';
import type { HubSettings } from '../../src/runtime/hub/hubSettings';
import { temporaryFolder } from '../unit/files/temporaryFolder';
import { COMMIT, StandInHub } from '../unit/hub/standInHub';
import { countFaults } from './faultCount';

/*
 * A Hub on the loopback address that misbehaves: each way is tried against a search, the description of a model, a small
 * file and a large one. Whatever it does, the call ends with what was asked for or a sentence of ours, what was kept is
 * whole, and cancelling ends it with the very reason of the cancelling.
 */

type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

const FILES = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'onnx/model.onnx': new Uint8Array(40_000).map((_, index) => index * 7),
};

const zeros = Buffer.alloc(1 << 20);
/** 200 MB of zeros in 200 kB. */
const bomb = gzipSync(Buffer.alloc(200_000_000));

function endless(
  piece: Buffer | string,
  everyMs: number,
  headers: Record<string, string> = {},
): Misbehaviour {
  return (_, response) => {
    response.writeHead(200, headers);
    const send = (): void => {
      if (response.destroyed) return;
      if (response.write(piece)) setTimeout(send, everyMs);
      else response.once('drain', () => setTimeout(send, everyMs));
    };
    send();
  };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Misbehaviour =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
  };

/** Bytes on the wire that need not be HTTP. */
const raw =
  (bytes: string | Buffer, ends = true): Misbehaviour =>
  (request) => {
    request.socket.write(bytes);
    if (ends) request.socket.end();
  };

const json = (value: unknown) => status(200, {}, JSON.stringify(value));
const described = (siblings: unknown) => json({ id: 'org/tiny', sha: COMMIT, siblings });

const MISBEHAVIOURS: Readonly<Record<string, Misbehaviour>> = {
  'no answer at all': () => undefined,
  'a closed connection': (request) => request.socket.destroy(),
  'a reset connection': (request) => request.socket.resetAndDestroy(),
  'a status line that stops': raw('HTTP/1.1 20', false),
  'a head that stops': raw('HTTP/1.1 200 OK\r\ncontent-le', false),
  'no HTTP': raw('SSH-2.0-OpenSSH_9.6\r\n'),
  'binary noise': raw(Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10])),
  'a head of 1 MB': raw(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1 << 20)}\r\n\r\n`),
  'heads without end': raw(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, false),
  'answers of 100 without end': raw('HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), false),
  'two lengths': raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[]]'),
  'a negative length': raw('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n[]'),
  'more than its length': raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[][][]'),
  'less than its length': raw('HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n['),
  'a broken chunk': raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n'),
  'a chunk of 2^60 bytes': raw(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffff\r\n[',
    false,
  ),
  'bytes without end': endless(zeros, 0),
  'an endless list': endless(`[${'{"id":"a"},'.repeat(5000)}`, 0),
  'a trickle without end': endless(' ', 20),
  'a trickle of pieces': endless(' '.repeat(200), 20),
  'a gzip bomb': status(200, { 'content-encoding': 'gzip' }, ''),
  'an endless gzip bomb': endless(bomb, 0, { 'content-encoding': 'gzip' }),
  'gzip that is none': status(200, { 'content-encoding': 'gzip' }, 'no gzip'),
  'many encodings': status(200, { 'content-encoding': Array(50).fill('gzip').join(', ') }, 'x'),
  'an unknown encoding': status(200, { 'content-encoding': 'zstd-of-tomorrow' }, '[]'),
  'an empty answer': status(200),
  'no content': status(204),
  'a login page': status(200, { 'content-type': 'text/html' }, '<html>Sign in</html>'),
  'not modified': status(304),
  'half of a JSON': status(200, {}, '[{"id":"org/ti'),
  'JSON a million deep': status(200, {}, '['.repeat(1_000_000)),
  'JSON of another shape': json({ error: 'no' }),
  null: json(null),
  'a list of nulls': json([null, 1, 'two']),
  'invalid UTF-8': raw(
    Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n["'),
      Buffer.from([0xff, 0xfe, 0xc0]),
    ]),
  ),
  'a redirect in circles': (request, response) => response.writeHead(302, { location: request.url }).end(),
  'a redirect to nowhere': status(302, { location: 'http://127.0.0.1:1/' }),
  'a redirect to a file': status(302, { location: 'file:///etc/passwd' }),
  'a redirect to data': status(302, { location: 'data:application/json,[]' }),
  'a redirect to no address': status(302, { location: 'http://[' }),
  'a redirect without an address': status(302),
  'wait for 28 hours': status(429, { 'retry-after': '99999' }),
  'wait for ever': status(503, { 'retry-after': '9'.repeat(400) }),
  'wait until the year 9999': status(503, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }),
  'wait for nonsense': status(503, { 'retry-after': 'Infinity' }),
  'wait for less than nothing': status(429, { 'retry-after': '-5' }),
  'an error with an endless body': (request, response) => {
    response.writeHead(500);
    endless(zeros, 0)(request, Object.assign(response, { writeHead: () => response }));
  },
  'an error of 599': status(599, {}, 'no'),
  'not found': status(404),
  'a range that was not asked for': status(206, { 'content-range': 'bytes 5-6/7' }, '[]'),
  'a range beyond the end': status(416),
  'paths that lead out': described([{ rfilename: '../../x.onnx', size: 1, blobId: '0'.repeat(40) }]),
  'names of control characters': described([
    { rfilename: 'onnx/\u001b[31m\nmodel.onnx', size: 1, blobId: '0'.repeat(40) },
  ]),
  'names of 10,000 letters': described([
    { rfilename: `onnx/${'m'.repeat(10_000)}.onnx`, size: 1, blobId: '0'.repeat(40) },
  ]),
  'a file of 8 PB': described([{ rfilename: 'onnx/model.onnx', size: 2 ** 53 - 1, blobId: '0'.repeat(40) }]),
  'sizes that are none': described([{ rfilename: 'onnx/model.onnx', size: -1, blobId: '0'.repeat(40) }]),
  'other bytes': status(200, {}, 'x'.repeat(40_000)),
};

const faults = countFaults('misbehaving Hubs');
const counts = { tried: 0, recovered: 0, refused: 0, cancelled: 0 };
const cache = temporaryFolder();
const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => console.log(`misbehaving Hub: ${JSON.stringify(counts)}`));

type Target = 'search' | 'description' | 'small file' | 'large file';

/** A Hub that is right but for one kind of request. @returns its address */
async function hubThatFails(target: Target, misbehave: Misbehaviour): Promise<string> {
  const right = new StandInHub('org/tiny', FILES);
  right.search = [{ id: 'org/tiny' }];
  await right.start();
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    const kind: Target = url.startsWith('/api/models?')
      ? 'search'
      : url.startsWith('/api/')
        ? 'description'
        : url.endsWith('config.json')
          ? 'small file'
          : 'large file';
    if (kind === target) misbehave(request, response);
    else response.writeHead(307, { location: right.endpoint + url }).end();
  });
  server.on('clientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    { close: () => right.stop() },
    {
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      },
    },
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function settingsFor(endpoint: string): HubSettings {
  return {
    endpoint,
    token: null,
    tokenAdvice: 'give a token',
    proxyAdvice: '',
    cacheFolder: cache.path,
    retryDelays: [1],
    notice: () => undefined,
    patience: 150,
  };
}

async function ask(target: Target, endpoint: string, signal: AbortSignal): Promise<unknown> {
  const settings = settingsFor(endpoint);
  return target === 'search'
    ? searchModels(settings, 'tiny', signal)
    : downloadModel(settings, 'org/tiny', { signal });
}

/** What was kept of the model is whole or not there. */
function expectWhole(): void {
  const blobs = join(cache.path, 'models--org--tiny', 'blobs');
  const kept = existsSync(blobs) ? readdirSync(blobs).filter((name) => !name.endsWith('.incomplete')) : [];
  const right = Object.values(FILES).map((bytes) => Buffer.from(bytes).toString('base64'));
  for (const name of kept) expect(right).toContain(readFileSync(join(blobs, name)).toString('base64'));
}

const cases = Object.keys(MISBEHAVIOURS).flatMap((name) =>
  (['search', 'description', 'small file', 'large file'] as const).map((target) => ({ name, target })),
);

it('misbehaves in more than 50 ways', () => expect(Object.keys(MISBEHAVIOURS).length).toBeGreaterThan(50));

it.each(cases)('$name, instead of the $target', async ({ name, target }) => {
  const misbehave: Misbehaviour =
    name === 'a gzip bomb'
      ? (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      : MISBEHAVIOURS[name]!;
  const endpoint = await hubThatFails(target, misbehave);
  counts.tried += 1;
  faults.tried++;
  const outcome = await ask(target, endpoint, new AbortController().signal).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expectWhole();
  if (outcome === null) counts.recovered += 1;
  else {
    counts.refused += 1;
    expect(outcome).toBeInstanceOf(LensError);
    expect((outcome as LensError).code).toMatch(/^(network|not-found|disk-full)$/);
    expect((outcome as LensError).message).toMatch(/[.!]$/);
  }

  const cancelled = new AbortController();
  const reason = new LensError('cancelled', 'Cancelled by the test.');
  setTimeout(() => cancelled.abort(reason), 20);
  const end = await ask(target, endpoint, cancelled.signal).catch((thrown: unknown) => thrown);
  if (end === reason) counts.cancelled += 1;
  else if (end instanceof Error) expect(end).toBeInstanceOf(LensError);
  expectWhole();
  faults.survived++;
});
