import * as v from 'valibot';

/**
 * Regular expressions of published tokenizers, which no text leads into backtracking: CLIP; GPT-4, Llama 3; Qwen 2 and 3;
 * and what normalisers do to white space.
 */
const PATTERNS: readonly string[] = [
  "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  '\\s+',
  ' {2,}',
];
/** Characters that a normaliser may put in the place of one. */
const LONGEST_INSERT = 8;
/** How many such normalisers may stand one behind another: each may multiply the text's length. */
const MOST_INSERTS = 2;
/** Characters of a word that WordPiece looks for the pieces of, whose time is the square of it. */
const LONGEST_WORD = 1000;
/** Characters of a piece of Unigram, each of which costs a step at every character of a text. */
const LONGEST_PIECE = 256;

const plain = (...types: readonly string[]) => v.object({ type: v.picklist(types) });
const insert = v.pipe(v.string(), v.maxLength(LONGEST_INSERT));
const pattern = v.union([
  v.object({ String: v.pipe(v.string(), v.nonEmpty()) }),
  v.object({ Regex: v.picklist(PATTERNS) }),
]);
const Inserting = v.union([
  v.object({ type: v.literal('Prepend'), prepend: insert }),
  v.object({ type: v.literal('Replace'), pattern, content: insert }),
]);
const Normalizer = v.union([
  plain(
    'BertNormalizer',
    'NFC',
    'NFD',
    'NFKC',
    'NFKD',
    'Lowercase',
    'StripAccents',
    'Strip',
    'Nmt',
    'ByteLevel',
  ),
  Inserting,
]);
const PreTokenizer = v.union([
  plain(
    'ByteLevel',
    'BertPreTokenizer',
    'Whitespace',
    'WhitespaceSplit',
    'Metaspace',
    'Punctuation',
    'Digits',
    'UnicodeScripts',
    'CharDelimiterSplit',
  ),
  v.object({ type: v.literal('Split'), pattern }),
]);
const Model = v.union([
  plain('BPE', 'WordLevel'),
  v.object({
    type: v.literal('WordPiece'),
    max_input_chars_per_word: v.optional(v.pipe(v.number(), v.maxValue(LONGEST_WORD)), 100),
  }),
  v.object({
    type: v.literal('Unigram'),
    vocab: v.array(v.tuple([v.pipe(v.string(), v.maxLength(LONGEST_PIECE)), v.number()])),
  }),
]);
const sequenceOf = <Part extends v.GenericSchema>(part: Part, name: string) =>
  v.union([part, v.object({ type: v.literal('Sequence'), [name]: v.array(part) })]);
const Special = v.pipe(
  v.object({ ids: v.array(v.number()), tokens: v.array(v.string()) }),
  v.check(({ ids, tokens }) => ids.length === tokens.length),
);
const PostProcessor = v.union([
  plain('BertProcessing', 'RobertaProcessing', 'ByteLevel'),
  v.object({ type: v.literal('TemplateProcessing'), special_tokens: v.record(v.string(), Special) }),
]);
const Harmless = v.object({
  added_tokens: v.nullish(v.array(v.object({ content: v.pipe(v.string(), v.nonEmpty()) }))),
  truncation: v.nullish(v.object({ stride: v.optional(v.literal(0), 0) })),
  padding: v.nullish(v.unknown()),
  normalizer: v.nullish(sequenceOf(Normalizer, 'normalizers')),
  pre_tokenizer: v.nullish(sequenceOf(PreTokenizer, 'pretokenizers')),
  post_processor: v.nullish(sequenceOf(PostProcessor, 'processors')),
  model: Model,
});

const Several = v.object({ normalizer: v.object({ normalizers: v.array(v.unknown()) }) });

/**
 * Whether every part of a tokenizer.json is one of which the time and memory that it takes are known. Others (regular
 * expressions of its own, replacements that grow a text, compiled tables) may hang the library, or end the process.
 */
export function isHarmless(tokenizerJson: unknown): boolean {
  if (!v.is(Harmless, tokenizerJson)) return false;
  const several = v.safeParse(Several, tokenizerJson);
  const parts = several.success ? several.output.normalizer.normalizers : [];
  return parts.filter((part) => v.is(Inserting, part)).length <= MOST_INSERTS;
}
