import { setImmediate } from 'node:timers/promises';
import type { Change, Positions } from '../../core/cause/change';
import { largestOf } from '../../core/cause/distribution';
import { LensError } from '../../core/common/errors';
import { randomOf, type Random } from '../../core/common/random';
import { ContinuationReader } from './continuationReader';
import type { Cause } from './openCause';
import type { Prompt } from './wholeModel';

/** How a text is gone on with. */
export interface GenerationSettings {
  /** New tokens, at most 200. */
  readonly tokens: number;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Share of probability that is drawn from. */
  readonly topP: number;
}

/** New tokens that a continuation may have. */
const MOST_GENERATED = 200;

/**
 * What stands against a continuation before it is begun.
 * @returns a sentence where the model has no room for all of it; null where nothing stands against it
 * @throws LensError `unsupported-model` where the model predicts no next token, `usage` for too many tokens, or no room for one
 */
export function requireContinuable(
  { causal, modelPackage: { id }, limits }: Cause,
  { ids }: Prompt,
  { tokens }: GenerationSettings,
): string | null {
  if (!causal) {
    throw new LensError(
      'unsupported-model',
      `${id} does not predict the next token of a text, so that it cannot go on with one. Ask for no continuation.`,
    );
  }
  if (tokens > MOST_GENERATED) {
    throw new LensError(
      'usage',
      `A continuation has ${MOST_GENERATED} tokens at most, and ${tokens} are asked for.`,
    );
  }
  const room = limits.length - ids.length;
  if (room >= tokens) return null;
  if (room > 0) return `There is room for ${room} more tokens: ${id} takes ${limits.length} in all.`;
  throw new LensError(
    'usage',
    `The text fills the ${limits.length} tokens that ${id} takes, so that none can follow. Give a shorter one.`,
  );
}

interface Continued {
  readonly positions: Positions;
  readonly seed: number;
  readonly generation: GenerationSettings | null;
}

/** Who is told of a continuation as it grows. */
export interface ContinuationObserver {
  /** Takes the whole of what is written so far. */
  readonly written?: (side: 'before' | 'after', text: string) => void;
}

/**
 * Goes on with a prompt without and with the changes, token by token, with the same seed: by the model's cache where it has
 * one, else by running the whole text again. Changes hold by absolute position: `all` and `from N` take in the new tokens,
 * `last` and lists do not.
 * @returns what is written when it is stopped, too
 */
export async function generateBoth(
  cause: Cause,
  prompt: Prompt,
  changes: readonly Change[],
  question: Continued,
  signal: AbortSignal,
  { written = () => undefined }: ContinuationObserver,
): Promise<{ before: string; after: string }> {
  const before = await generate(cause, prompt, [], question, signal, (text) => written('before', text));
  const after = await generate(cause, prompt, changes, question, signal, (text) => written('after', text));
  return { before, after };
}

async function generate(
  cause: Cause,
  prompt: Prompt,
  changes: readonly Change[],
  { positions, seed, generation }: Continued,
  signal: AbortSignal,
  written: (text: string) => void,
): Promise<string> {
  if (!generation) return '';
  const random = randomOf(`${seed} continuation`);
  const stops = endTokens(cause);
  const most = Math.min(generation.tokens, cause.limits.length - prompt.ids.length);
  const reader = new ContinuationReader(cause, await cause.cachedPasses());
  const added: number[] = [];
  while (added.length < most) {
    // The run holds the thread: what came meanwhile, such as a cancellation, is read here.
    await setImmediate();
    if (signal.aborted) break;
    const next = choose(await reader.logitsAfter(prompt, added, changes, positions), generation, random);
    if (stops.has(next)) break;
    added.push(next);
    written(cause.textOf(added));
  }
  return cause.textOf(added);
}

function endTokens({ modelPackage: { config } }: Cause): ReadonlySet<number> {
  const end: unknown = config['eos_token_id'];
  return new Set((Array.isArray(end) ? end : [end]).filter((id): id is number => typeof id === 'number'));
}

function choose(logits: Float32Array, { temperature, topP }: GenerationSettings, random: Random): number {
  const [top = 0] = largestOf(logits, 1);
  if (temperature === 0) return top;
  const weights = Array.from(logits, (logit, id) => ({
    id,
    weight: Math.exp((logit - logits[top]!) / temperature),
  })).sort((a, b) => b.weight - a.weight);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  let [kept, mass] = [0, 0];
  while (kept < weights.length && mass < topP * total) mass += weights[kept++]!.weight;
  let left = random() * mass;
  for (const { id, weight } of weights.slice(0, kept)) {
    left -= weight;
    if (left <= 0) return id;
  }
  return top;
}
