import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The files of the program; the kernel's are AssemblyScript, which names by its own rules. */
function sources(): string[] {
  return ['src', 'webview'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('assembly'))
      .map((file) => join(folder, file)),
  );
}

/** What a file declares and exports; what it passes on from another file is that file's. */
function declaredExports(file: string): Set<string> {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const declared = source.statements.filter(
    (statement) =>
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  );
  return new Set(
    declared.flatMap((statement) => {
      if (ts.isVariableStatement(statement)) {
        return statement.declarationList.declarations.map(({ name }) => name.getText());
      }
      const { name } = statement as ts.DeclarationStatement;
      return name === undefined ? [] : [name.getText()];
    }),
  );
}

it('exports no two things under one name', () => {
  const files = sources();
  const homes = new Map<string, string[]>();
  for (const file of files) {
    for (const name of declaredExports(file)) homes.set(name, [...(homes.get(name) ?? []), file]);
  }
  expect(homes.size).toBeGreaterThan(files.length);
  expect([...homes].filter(([, places]) => places.length > 1)).toEqual([]);
});
