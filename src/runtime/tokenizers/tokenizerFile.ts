import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { LensError } from '../../core/common/errors';
import { isHarmless } from './harmless';
import { readRegularFile } from '../files/regularFile';

/** What tokenizer.json says that the native tokenizer does not tell. */
export interface TokenizerFile {
  readonly json: string;
  /** Of the bytes on disk. */
  readonly sha256: string;
  readonly specialIds: ReadonlySet<number>;
  /** What stands for text that the vocabulary does not have; null where it has all. */
  readonly unknownId: number | null;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  /** Whether it may be run in this process (harmless.ts). */
  readonly harmless: boolean;
}

/** Several times the largest vocabularies, of half a million pieces. */
const LARGEST_FILE = 256 * 2 ** 20;
const ADVICE = 'A model needs its own tokenizer.json beside it: fetch it from where the model came from.';

const AddedToken = v.object({
  id: v.number(),
  content: v.optional(v.string(), ''),
  special: v.optional(v.boolean(), false),
});
/** A vocabulary is ids by piece, or for Unigram the pieces with their scores in the order of their ids. */
const Vocabulary = v.union([v.array(v.unknown()), v.record(v.string(), v.number())]);
/** Names of special tokens that a template puts around a text; the native library ends the process on an unknown one. */
const Template = v.array(v.object({ SpecialToken: v.optional(v.object({ id: v.string() })) }));
const TemplateProcessing = v.pipe(
  v.object({
    type: v.literal('TemplateProcessing'),
    single: Template,
    pair: v.optional(Template, []),
    special_tokens: v.record(v.string(), v.unknown()),
  }),
  v.check(
    ({ single, pair, special_tokens: known }) =>
      [...single, ...pair].every(({ SpecialToken: token }) => !token || Object.hasOwn(known, token.id)),
    'a template names a special token that is not defined',
  ),
);
const OtherProcessing = v.looseObject({ type: v.pipe(v.string(), v.notValue('TemplateProcessing')) });
const PostProcessor = v.union([
  TemplateProcessing,
  v.object({
    type: v.literal('Sequence'),
    processors: v.array(v.union([TemplateProcessing, OtherProcessing])),
  }),
  OtherProcessing,
]);
const Schema = v.object({
  post_processor: v.optional(v.nullable(PostProcessor)),
  added_tokens: v.optional(v.nullable(v.array(AddedToken)), []),
  model: v.object({
    vocab: Vocabulary,
    /** Its piece; in Unigram its id. */
    unk_token: v.fallback(v.nullable(v.string()), null),
    unk_id: v.fallback(v.nullable(v.number()), null),
  }),
});

/**
 * Reads a tokenizer.json in the format of the Hugging Face `tokenizers` library.
 * @throws LensError `not-found`, `unreadable-file` or `invalid-tokenizer`.
 */
export async function readTokenizerFile(path: string): Promise<TokenizerFile> {
  const bytes = await readRegularFile(path, LARGEST_FILE, ADVICE);
  const json = bytes.toString('utf8');
  const { document, checked } = parse(json, path);
  const { added_tokens: addedTokens, model } = checked;
  const added = addedTokens ?? [];
  const pieces = Array.isArray(model.vocab) ? model.vocab.map((_, id) => id) : Object.values(model.vocab);
  return {
    json,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    harmless: isHarmless(document),
    specialIds: new Set(added.filter(({ special }) => special).map(({ id }) => id)),
    unknownId: model.unk_id ?? idOf(model.unk_token, model.vocab, added),
    vocabularySize:
      [...pieces, ...added.map(({ id }) => id)].reduce((most, id) => Math.max(most, id), -1) + 1,
  };
}

function idOf(
  piece: string | null,
  vocabulary: v.InferOutput<typeof Vocabulary>,
  added: readonly v.InferOutput<typeof AddedToken>[],
): number | null {
  if (piece === null) return null;
  const listed = Array.isArray(vocabulary) || !Object.hasOwn(vocabulary, piece) ? null : vocabulary[piece];
  return listed ?? added.find(({ content }) => content === piece)?.id ?? null;
}

function parse(json: string, path: string): { document: unknown; checked: v.InferOutput<typeof Schema> } {
  try {
    const document: unknown = JSON.parse(json);
    return { document, checked: v.parse(Schema, document) };
  } catch (cause) {
    throw invalidTokenizer(path, cause);
  }
}

/** The sentence for a file that the tokenizers library does not take. */
export function invalidTokenizer(path: string, cause: unknown): LensError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new LensError(
    'invalid-tokenizer',
    `${path} is not a tokenizer.json that can be read (${detail}). Download it again, or save it anew with save_pretrained().`,
    { cause },
  );
}
