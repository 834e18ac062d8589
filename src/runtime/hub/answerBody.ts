import { LensError } from '../../core/common/errors';
import { formatBytes } from '../../core/common/numberFormat';
import type { HubSettings } from './hubSettings';

/** The Hub's longest descriptions of models are a few megabytes; counted after decompression. */
const MOST_JSON_BYTES = 32_000_000;
/** Fewer bytes than these within the time of `patience` count as none: a trickle could go on for ever. */
const LEAST_BYTES = 1024;
/** How many times `patience` the whole of a JSON answer may take. */
const JSON_PATIENCE = 4;

/**
 * The bytes of an answer as they come.
 * @throws Error when next to nothing comes for a while: a connection may die without a word
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  patience: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort(new Error(`next to nothing came for ${patience / 1000} s`));
    void reader.cancel();
  }, patience);
  let sinceThen = 0;
  try {
    for (;;) {
      const chunk = await reader.read();
      stall.signal.throwIfAborted();
      if (chunk.done) return;
      sinceThen += chunk.value.length;
      if (sinceThen >= LEAST_BYTES) {
        sinceThen = 0;
        timer.refresh();
      }
      yield chunk.value;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * A JSON answer, as far as one may be long and slow.
 * @throws LensError `network` where it is longer or slower, SyntaxError where it is no JSON; what `signal` says when it is
 *   aborted
 */
export async function jsonOf(
  { endpoint, patience }: HubSettings,
  { body }: Response,
  signal: AbortSignal,
): Promise<unknown> {
  const decoder = new TextDecoder();
  const deadline = performance.now() + JSON_PATIENCE * patience;
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of body ? chunksOf(body, patience) : []) {
      bytes += chunk.length;
      if (bytes > MOST_JSON_BYTES) {
        throw new LensError(
          'network',
          `${endpoint} answers with more than ${formatBytes(MOST_JSON_BYTES)} where the Hub gives a list: check HF_ENDPOINT.`,
        );
      }
      if (performance.now() > deadline) throw new Error('the answer does not come to its end');
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof LensError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new LensError(
      'network',
      `${endpoint} began an answer and did not end it (${reason}): try again later.`,
      {
        cause: thrown,
      },
    );
  }
  return JSON.parse(text + decoder.decode());
}
