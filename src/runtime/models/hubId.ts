import { LensError } from '../../core/common/errors';

/** A model of the Hub as people write it. */
export interface HubId {
  /** `org/name`; a few old models have a name alone. */
  readonly id: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}

const WRITTEN = /^(?<id>[\w.-]+(?:\/[\w.-]+)?)(?:@(?<revision>[\w./-]+))?$/;
/** Parts of a path that lead elsewhere, which no id has. */
const LEADS_ELSEWHERE = /(^|[/@])\.{0,2}($|[/@])/;

/**
 * Reads `org/name` or `org/name@revision`, whose revision is `main` where none is given.
 * @returns null where the text names no model of the Hub, also where it would lead out of the cache's folders
 */
export function parseHubId(text: string): HubId | null {
  const { id, revision = 'main' } = WRITTEN.exec(text)?.groups ?? {};
  return id === undefined || LEADS_ELSEWHERE.test(text) ? null : { id, revision };
}

/** As `parseHubId`. @throws LensError `usage` where the text names no model of the Hub */
export function requireHubId(text: string): HubId {
  const named = parseHubId(text);
  if (named !== null) return named;
  throw new LensError(
    'usage',
    `“${text}” is no model of the Hub: write it as org/name, or org/name@revision.`,
  );
}
