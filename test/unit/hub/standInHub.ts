import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = 'c0ffee'.padEnd(40, '0');

/** What happens to one request for a file's bytes, instead of the bytes. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** The connection is cut when this many bytes have gone out. */
  | { kind: 'cut'; after: number }
  /** Nothing more comes, and nothing ends, after this many bytes. */
  | { kind: 'stall'; after: number }
  | { kind: 'wrong bytes' }
  /** The whole file although a range was asked for. */
  | { kind: 'no ranges' }
  | { kind: 'redirect'; location: string };

export interface SeenRequest {
  readonly host: 'hub' | 'content';
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * Speaks the Hub's routes on two ports of the loopback address: the API and small files on one, large files on the
 * other, to which the first redirects, as the real one does to its content servers.
 */
export class StandInHub {
  readonly seen: SeenRequest[] = [];
  /** Faults of the next requests for bytes, in turn. */
  faults: Fault[] = [];
  /** When set, every API request ends with this instead. */
  apiFault: { status: number; code?: string; body?: string } | null = null;
  search: unknown = [];
  /** When set, the API says that every file is this large. */
  claimedSize: number | null = null;
  private readonly hub: Server;
  private readonly content: Server;

  /** @param files by path; those of 1,000 bytes and more are kept as large files. */
  constructor(
    readonly id: string,
    readonly files: Record<string, Uint8Array>,
  ) {
    this.hub = createServer((request, response) => this.answer('hub', request, response));
    this.content = createServer((request, response) => this.answer('content', request, response));
  }

  async start(): Promise<void> {
    for (const server of [this.hub, this.content]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.content]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get endpoint(): string {
    return addressOf(this.hub);
  }

  requestsFor(path: string): SeenRequest[] {
    return this.seen.filter(({ url }) => url.endsWith(path));
  }

  private answer(host: 'hub' | 'content', request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    const { range, authorization } = request.headers;
    this.seen.push({ host, url, range, authorization });
    if (url.startsWith('/api/')) {
      this.answerApi(url, response);
      return;
    }
    const path = decodeURIComponent(url.replace(/^\/(.*\/resolve\/[^/]+|content)\//, ''));
    const bytes = this.files[path];
    if (bytes === undefined) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    } else if (host === 'hub' && isLarge(bytes)) {
      const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
      const location = `${addressOf(this.content)}/content/${path}`;
      response.writeHead(302, { location, 'x-linked-etag': etag }).end();
    } else {
      this.sendBytes(bytes, range, response);
    }
  }

  private answerApi(url: string, response: ServerResponse): void {
    if (this.apiFault !== null) {
      const { status, code, body = '' } = this.apiFault;
      response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end(body);
    } else if (url.startsWith('/api/models?')) {
      response.end(JSON.stringify(this.search));
    } else if (url.startsWith(`/api/models/${this.id}/revision/`)) {
      response.end(JSON.stringify(this.description()));
    } else {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    }
  }

  private description(): object {
    const siblings = Object.entries(this.files).map(([path, bytes]) => ({
      rfilename: path,
      size: this.claimedSize ?? bytes.length,
      blobId: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
      ...(isLarge(bytes) && {
        lfs: {
          sha256: createHash('sha256').update(bytes).digest('hex'),
          size: this.claimedSize ?? bytes.length,
          pointerSize: 130,
        },
      }),
    }));
    return { id: this.id, sha: COMMIT, gated: false, tags: ['onnx', 'license:mit'], siblings };
  }

  private sendBytes(whole: Uint8Array, range: string | undefined, response: ServerResponse): void {
    const fault = this.faults.shift();
    if (fault?.kind === 'status') {
      response.writeHead(fault.status, fault.headers).end('an error page');
      return;
    }
    if (fault?.kind === 'redirect') {
      response.writeHead(302, { location: fault.location }).end();
      return;
    }
    const start = fault?.kind === 'no ranges' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const bytes = fault?.kind === 'wrong bytes' ? whole.map((byte) => byte ^ 1) : whole;
    const isPartial = range !== undefined && fault?.kind !== 'no ranges';
    response.writeHead(isPartial ? 206 : 200, {
      'content-length': whole.length - start,
      // Another one than the Hub's, and another in every answer, as content servers may do.
      etag: `"${this.seen.length}"`,
      ...(isPartial && { 'content-range': `bytes ${start}-${whole.length - 1}/${whole.length}` }),
    });
    if (fault?.kind !== 'cut' && fault?.kind !== 'stall') {
      response.end(bytes.subarray(start));
      return;
    }
    response.write(bytes.subarray(start, start + fault.after), () => {
      if (fault.kind === 'cut') setTimeout(() => response.destroy(), 100);
    });
  }
}

function isLarge(bytes: Uint8Array): boolean {
  return bytes.length >= 1000;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
