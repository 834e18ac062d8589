import * as v from 'valibot';
import { LensError } from '../../core/common/errors';
import { jsonOf } from './answerBody';
import { askHub } from './hubRequest';
import type { HubSettings } from './hubSettings';

/** A model as the Hub's search lists it. */
export interface FoundModel {
  readonly id: string;
  readonly downloads: number;
  readonly likes: number;
  /** As its author tagged it, such as `apache-2.0`; null if they did not. */
  readonly licence: string | null;
  /** Its conditions must be accepted on its page first. */
  readonly isGated: boolean;
}

/** A file of a model as the Hub keeps it. */
export interface HubFile {
  /** Within the model, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly checksum: Checksum;
}

/** Large files are known by the SHA-256 of their bytes, small ones by the SHA-1 that git gives them. */
export interface Checksum {
  readonly kind: 'sha256' | 'git-sha1';
  /** Lower-case hexadecimal; also the name of the file in the cache. */
  readonly value: string;
}

/** A model at one commit. */
export interface HubModel {
  readonly id: string;
  readonly commit: string;
  readonly downloads: number;
  readonly licence: string | null;
  readonly isGated: boolean;
  readonly files: readonly HubFile[];
}

const Sha1 = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Size = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Cannot lead out of the folder that it is joined to, and every file system takes its names. */
const SafePath = v.pipe(v.string(), v.regex(/^(?:(?!\.{1,2}(?:\/|$))[^/\\:\p{Cc}]{1,80}(?:\/(?!$)|$))+$/u));
const Common = {
  id: v.string(),
  downloads: v.optional(v.number(), 0),
  gated: v.optional(v.union([v.boolean(), v.string()]), false),
  tags: v.optional(v.array(v.string()), []),
};

const SearchAnswer = v.array(v.object({ ...Common, likes: v.optional(v.number(), 0) }));
const ModelAnswer = v.object({
  ...Common,
  sha: Sha1,
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.optional(v.nullable(Size)),
      blobId: v.optional(Sha1),
      lfs: v.optional(v.nullable(v.object({ sha256: Sha256, size: Size }))),
    }),
  ),
});

/** Models with ONNX files whose name holds the words, the most downloaded first. */
export async function searchModels(
  settings: HubSettings,
  words: string,
  signal: AbortSignal,
  limit = 20,
): Promise<FoundModel[]> {
  const query = new URLSearchParams({
    search: words,
    filter: 'onnx',
    sort: 'downloads',
    direction: '-1',
    limit: String(limit),
  });
  const answer = await askHub(settings, {
    path: `/api/models?${query.toString()}`,
    subject: `“${words}”`,
    signal,
  });
  const found = await parseAnswer(settings, answer, SearchAnswer, signal);
  return found.map(({ id, downloads, likes, gated, tags }) => ({
    id,
    downloads,
    likes,
    licence: licenceOf(tags),
    isGated: gated !== false,
  }));
}

/**
 * What a model holds at a branch, tag or commit.
 * @throws LensError `not-found`, or `network` when the Hub cannot be reached or wants a token.
 */
export async function describeHubModel(
  settings: HubSettings,
  id: string,
  revision: string,
  signal: AbortSignal,
): Promise<HubModel> {
  const path = `/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const answer = await askHub(settings, { path, subject: id, signal });
  const model = await parseAnswer(settings, answer, ModelAnswer, signal);
  const files = model.siblings.flatMap(({ rfilename, size, blobId, lfs }): HubFile[] => {
    if (!v.is(SafePath, rfilename)) return [];
    if (lfs) return [{ path: rfilename, bytes: lfs.size, checksum: { kind: 'sha256', value: lfs.sha256 } }];
    if (blobId === undefined || size == null) return [];
    return [{ path: rfilename, bytes: size, checksum: { kind: 'git-sha1', value: blobId } }];
  });
  return {
    id,
    commit: model.sha,
    downloads: model.downloads,
    licence: licenceOf(model.tags),
    isGated: model.gated !== false,
    files,
  };
}

async function parseAnswer<Schema extends v.GenericSchema>(
  settings: HubSettings,
  answer: Response,
  schema: Schema,
  signal: AbortSignal,
): Promise<v.InferOutput<Schema>> {
  try {
    return v.parse(schema, await jsonOf(settings, answer, signal));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof LensError) throw cause;
    throw new LensError(
      'network',
      `${settings.endpoint} does not answer as the Hub does: check HF_ENDPOINT, and whether a login page stands in between.`,
      { cause },
    );
  }
}

function licenceOf(tags: readonly string[]): string | null {
  return tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null;
}
