import { setTimeout as wait } from 'node:timers/promises';
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
    await wait(Math.max(delay ?? 0, answer === null ? 0 : waitAskedFor(answer)), undefined, {
      signal: request.signal,
    });
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

/** In milliseconds, from `Retry-After`: seconds or a date. */
function waitAskedFor(answer: Response): number {
  const header = answer.headers.get('retry-after');
  if (header === null) return 0;
  const seconds = Number(header);
  const asked = Number.isNaN(seconds) ? (Date.parse(header) - Date.now()) / 1000 : seconds;
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), MOST_PATIENCE_SECONDS) * 1000;
}
