import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Matches what a file imports from beside it, types as well. */
const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** The files of a room, each with those that it imports. */
function importsOf(room: string): Map<string, readonly string[]> {
  const folder = join(root, room);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(
    files.map((name) => {
      const file = join(folder, name);
      const imported = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
        ([, path = '']) => `${resolve(dirname(file), path)}.ts`,
      );
      return [file, imported.filter((path) => existsSync(path))];
    }),
  );
}

/** A way from a file back to itself over what is imported; null where there is none. */
function circleFrom(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const seen = new Set<string>();
  const walk = (file: string, way: string[]): string[] | null => {
    for (const next of imports.get(file) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

it.each(['src/core', 'src/runtime', 'src/protocol', 'src/engine', 'src/cli', 'src/vscode', 'webview'])(
  'goes round in no circle: %s',
  (room) => {
    const imports = importsOf(room);
    expect(imports.size).toBeGreaterThan(2);
    for (const file of imports.keys()) {
      const circle = circleFrom(file, imports);
      expect(circle?.map((path) => relative(root, path)) ?? null).toBeNull();
    }
  },
);
