import { formatCount } from './numberFormat';

/** `412 files · 1,244,981 tokens`; a run that was stopped may not have come to the end of its first file. */
export function corpusSize({ files, tokens }: { readonly files: number; readonly tokens: number }): string {
  const read = files === 0 ? 'part of a file' : `${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
  return `${read} · ${formatCount(tokens)} tokens`;
}
