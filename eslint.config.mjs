import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** What each room may import (docs/architecture.md, Rooms), what of it is closed all the same, and the floors of core. */
const { rooms, closed, floors } = json('tools/build/rooms.json');
const folderOf = (room) => (room === 'webview' ? room : `src/${room}`);

/** What a room may not import. Patterns are matched against import paths. */
const closedTo = (room) => [
  ...Object.keys(rooms).filter((other) => other !== room && !rooms[room].includes(other)),
  ...(closed[room] ?? []),
];
const packagesOf = {
  core: ['node:*', 'vscode', 'onnxruntime-node', 'tokenizers'],
  protocol: ['node:*', 'vscode', 'onnxruntime-node', 'tokenizers'],
  runtime: ['vscode'],
  engine: ['vscode'],
  cli: ['vscode'],
  vscode: ['onnxruntime-node', 'tokenizers'],
  webview: ['node:*', 'vscode', 'onnxruntime-node', 'tokenizers'],
};

const imports = (names, message) => ({
  group: names.flatMap((name) => [`../${name}/**`, `../**/${name}/**`]),
  message,
});

/** Patterns of what a room may not import. */
const roomPatterns = (room) => [
  imports(closedTo(room), `${room} may not reach into this room: see docs/architecture.md, Rooms.`),
  { group: packagesOf[room], message: `${room} may not use this package: see docs/architecture.md.` },
];

const layerRules = [
  ...Object.keys(rooms).map((room) => [`${folderOf(room)}/**/*.ts`, roomPatterns(room)]),
  ...floors.flatMap((folders, floor) =>
    folders.map((folder) => [
      `src/core/${folder}/**/*.ts`,
      [
        ...roomPatterns('core'),
        imports(
          floors
            .slice(floor)
            .flat()
            .filter((name) => name !== folder),
          `${folder} may only import the floors below it: see docs/architecture.md, Floors.`,
        ),
      ].filter(({ group }) => group.length > 0),
    ]),
  ),
].map(([files, patterns]) => ({
  files: [files],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
}));

/**
 * The places where text from outside reaches a person or another program (src/core/common/foreignText.ts): what writes
 * to one of them stands in one file, and no other may.
 */
const terminal = {
  selector:
    'MemberExpression[object.object.name="process"][object.property.name=/^std(out|err)$/][property.name="write"], CallExpression[callee.object.name="console"]',
  message: 'Only src/cli/output/print.ts writes to the terminal: it takes away what would steer one.',
};
const surfaces = {
  selector:
    'CallExpression[callee.object.name="window"][callee.property.name=/^(show(Information|Warning|Error)Message|show(QuickPick|InputBox)|create(QuickPick|InputBox|OutputChannel)|withProgress|setStatusBarMessage)$/], NewExpression[callee.name=/^(TreeItem|MarkdownString|Markdown)$/]',
  message: 'Only src/vscode/surfaces shows text: the editor would make links and icons of a name.',
};
const placeRules = [
  [['src/**/*.ts'], ['src/cli/output/print.ts', 'src/vscode/**'], [terminal]],
  [['src/vscode/**/*.ts'], ['src/vscode/surfaces/*.ts'], [terminal, surfaces]],
].map(([files, ignores, restricted]) => ({
  files,
  ignores,
  rules: { 'no-restricted-syntax': ['error', ...restricted] },
}));

/** onnxruntime is loaded by the one file that first turns its telemetry off. */
const loadingRules = [
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    ignores: ['src/runtime/onnxruntime/library.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'onnxruntime-node',
              allowTypeImports: true,
              message: 'Take it from src/runtime/onnxruntime/library, which turns its telemetry off first.',
            },
          ],
        },
      ],
    },
  },
];

/** A language that Intl does not know makes it throw: the two files that ask it take one that it has. */
const languageRules = [
  {
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    ignores: [
      'src/core/common/dateFormat.ts',
      'src/core/common/numberFormat.ts',
      'src/core/text/sentences.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', { name: 'Intl', message: 'Take core/common/dateFormat.ts.' }],
      'no-restricted-properties': [
        'error',
        ...['String', 'DateString', 'TimeString', 'UpperCase', 'LowerCase'].map((kind) => ({
          property: `toLocale${kind}`,
          message: 'Take core/common/numberFormat.ts or dateFormat.ts.',
        })),
      ],
    },
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist',
      'coverage',
      'node_modules',
      'test/e2e/host',
      'test/fixtures',
      'sample',
      'out',
      'src/runtime/reduction/assembly',
      '**/*.py',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: json('tsconfig.json').references.map(({ path }) => `${path}/tsconfig.json`),
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  ...layerRules,
  ...placeRules,
  ...loadingRules,
  ...languageRules,
  {
    files: ['test/**/*.ts', 'tools/**/*.mjs'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name="pathname"]:has(MetaProperty)',
          message: 'Take fileURLToPath: a space in the path of the repository is %20 in a URL.',
        },
      ],
    },
  },
);
