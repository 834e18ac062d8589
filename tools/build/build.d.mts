import type { BuildResult } from 'esbuild';

export function build(): Promise<void>;
export function bundleExtension(): Promise<BuildResult<{ metafile: true; write: false }>>;
export function buildLanguageWorker(outfile: string): Promise<string[]>;
