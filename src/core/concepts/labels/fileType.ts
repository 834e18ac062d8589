/** Languages whose code is labelled by grammar. */
const CODE_LANGUAGES = [
  'python',
  'typescript',
  'javascript',
  'json',
  'html',
  'css',
  'shell',
  'cpp',
  'rust',
  'go',
  'java',
] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

/** What a file holds, as far as its name tells. */
export interface FileType {
  /** The end of the name from its last dot, in small letters, or null. */
  readonly extension: string | null;
  /** Null for prose and for what no grammar reads. */
  readonly code: CodeLanguage | null;
  /** Whether it may hold sentences: anything but code and data. */
  readonly prose: boolean;
}

const EXTENSIONS: Readonly<Record<CodeLanguage, readonly string[]>> = {
  python: ['py', 'pyi', 'pyw'],
  typescript: ['ts', 'tsx', 'mts', 'cts'],
  javascript: ['js', 'jsx', 'mjs', 'cjs'],
  json: ['json', 'jsonc', 'ipynb', 'geojson', 'webmanifest'],
  html: ['html', 'htm', 'xhtml', 'vue', 'svelte'],
  css: ['css'],
  shell: ['sh', 'bash', 'zsh', 'ksh'],
  cpp: ['c', 'h', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx', 'ino', 'cu'],
  rust: ['rs'],
  go: ['go'],
  java: ['java'],
};

/** Code and data that no grammar here reads. */
const OTHER_CODE = new Set(
  (
    'rb php cs swift kt kts scala lua pl pm r jl hs ml mli clj cljs ex exs erl dart sql scss sass less xml yaml yml ' +
    'toml ini cfg conf lock svg tex bib make mk cmake gradle bat ps1 vim el lisp scm proto asm s diff patch log'
  ).split(' '),
);

const LANGUAGE_OF = new Map(
  CODE_LANGUAGES.flatMap((language) =>
    EXTENSIONS[language].map((extension) => [extension, language] as const),
  ),
);

/** Formats whose records hold texts of their own: what is in them is not of the file's type. */
const RECORDS = new Set(['jsonl', 'ndjson', 'csv', 'tsv', 'conllu']);

/** @param record of the document, or null: a record of a .json array is a text, not JSON. */
export function fileTypeOf(file: string, record: number | null): FileType {
  const extension = /\.([^./\\]{1,16})$/.exec(file)?.[1]?.toLowerCase() ?? null;
  if (extension === null || record !== null || RECORDS.has(extension))
    return { extension, code: null, prose: true };
  const code = LANGUAGE_OF.get(extension) ?? null;
  return { extension, code, prose: code === null && !OTHER_CODE.has(extension) };
}
