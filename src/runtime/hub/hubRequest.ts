import { setTimeout as wait } from 'node:timers/promises';
import { formatDuration } from '../../core/common/numberFormat';
import { LensError } from '../../core/common/errors';
import type { HubSettings } from './hubSettings';
import { refusal, unreachable } from './hubErrors';

const MOST_REDIRECTS = 10;
const WORTH_RETRYING = new Set([408, 429, 500, 502, 503, 504]);
/** Longest that a server may ask us to wait. */
const MOST_PATIENCE_SECONDS = 60;

export interface HubRequest {
  /** Path from the endpoint, such as `/api/models`. */
  readonly path: string;
  /** What is asked for, for the sentence when it fails: a model id, or a file of one. */
  readonly subject: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Asks the Hub, again and again after a while where that may help.
 * @returns an answer of status 2xx or 416, its body not read yet.
 * @throws LensError `not-found`, `network` or `usage`; what `signal` says when it is aborted.
 */
export async function askHub(settings: HubSettings, request: HubRequest): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const delay = settings.retryDelays[attempt];
    const answer = await follow(settings, request).catch((thrown: unknown) => {
      request.signal.throwIfAborted();
      if (thrown instanceof LensError || delay === undefined) throw unreachable(settings, thrown);
      return null;
    });
    if (answer !== null && (answer.ok || answer.status === 416)) return answer;
    await answer?.body?.cancel();
    if (answer !== null && (delay === undefined || !WORTH_RETRYING.has(answer.status))) {
      throw refusal(settings, request.subject, answer);
    }
    const asked = answer === null ? 0 : waitAskedFor(settings, answer);
    await pause(Math.max(delay ?? 0, asked), request.signal);
  }
}

/**
 * Follows redirects one by one, so that the token goes to the endpoint's own host alone:
 * files come from content servers, which need none and must not see it.
 */
async function follow(settings: HubSettings, request: HubRequest): Promise<Response> {
  const home = new URL(settings.endpoint);
  let url = new URL(settings.endpoint + request.path);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const headers = new Headers(request.headers);
    if (settings.token !== null && url.origin === home.origin) {
      headers.set('authorization', `Bearer ${settings.token}`);
    }
    const answer = await fetchWithin(settings.patience, url, headers, request.signal);
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status >= 400 || location === null) return answer;
    await answer.body?.cancel();
    if (!URL.canParse(location, url.href) || !/^https?:$/.test(new URL(location, url).protocol)) {
      throw new LensError(
        'network',
        `${settings.endpoint} sends ${request.subject} to what is no address of a server: nothing was downloaded.`,
      );
    }
    url = new URL(location, url);
    if (home.protocol === 'https:' && url.protocol !== 'https:') {
      throw new LensError(
        'network',
        `${settings.endpoint} sends ${request.subject} to an address without encryption: nothing was downloaded.`,
      );
    }
  }
  throw new LensError(
    'network',
    `${settings.endpoint} redirects ${request.subject} in circles: try again later.`,
  );
}

/** The time limit is for the head of the answer; whoever reads the body watches that. */
async function fetchWithin(
  patience: number,
  url: URL,
  headers: Headers,
  signal: AbortSignal,
): Promise<Response> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new Error(`no answer within ${patience / 1000} s`)), patience);
  try {
    return await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, giveUp.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. @throws what `signal` says when it is aborted meanwhile */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/**
 * How long `Retry-After` asks us to wait, as seconds or a date; a person is told. In milliseconds.
 * @throws LensError `network` when that is longer than a person would
 */
function waitAskedFor({ endpoint, notice }: HubSettings, answer: Response): number {
  const header = answer.headers.get('retry-after')?.trim() ?? '';
  const asked = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  if (!(asked > 0)) return 0;
  if (asked > MOST_PATIENCE_SECONDS) {
    const time = asked > 86_400 ? 'more than a day' : formatDuration(asked);
    throw new LensError(
      'network',
      `${endpoint} asks to wait ${time} before the next request: try again then; what has arrived is kept.`,
    );
  }
  notice(`${endpoint} asks to wait ${formatDuration(Math.ceil(asked))} …`);
  return asked * 1000;
}
