import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { lensProgram } from '../../../src/cli/program';

/** Files of a reader's corpus, and of another repository. */
const EXAMPLES = ['docs/a.md', 'docs/Operators.md', 'Operators.md'];

interface Documented {
  readonly isPlanned: boolean;
  /** Both cells of the row. */
  readonly text: string;
  readonly options: Set<string>;
}

/** The rows of the table of commands by command: `models list`. */
function documentedCommands(page: string): Map<string, Documented> {
  const rows = page.matchAll(/^\| `([a-z]+(?: (?:list|search|show|download|remove|check))?)\b([^\n]*)\|$/gm);
  return new Map(
    [...rows].map(([, command, rest]) => {
      const text = rest!.replaceAll('\\|', '|');
      return [
        command!,
        { text, isPlanned: /\| planned: /.test(text), options: new Set(text.match(/--[a-z-]+/g)) },
      ];
    }),
  );
}

/** The commands that the program shows in its help, those within others by both names. */
function commandsOf(parent: Command): [name: string, command: Command][] {
  const shown = parent
    .createHelp()
    .visibleCommands(parent)
    .filter((command) => command.name() !== 'help');
  return shown.flatMap((command): [string, Command][] => {
    const within = commandsOf(command);
    if (within.length === 0) return [[command.name(), command]];
    return within.map(([name, inner]) => [`${command.name()} ${name}`, inner]);
  });
}

const longOptions = (command: Command): string[] =>
  command.options.filter((option) => !option.hidden).map(({ long }) => long!);

const page = readFileSync('docs/cli.md', 'utf8');
const documented = documentedCommands(page);
const commands = commandsOf(lensProgram());

describe('docs/cli.md', () => {
  it('has every command of the program, and no other but what is marked as planned', () => {
    const written = [...documented].filter(([, { isPlanned }]) => !isPlanned).map(([name]) => name);
    expect(written.sort()).toEqual(commands.map(([name]) => name).sort());
    const planned = [...documented.keys()].filter((name) => !written.includes(name));
    expect(planned.length).toBeLessThan(documented.size);
  });

  it.each(commands)('has every option and choice of %s, and no other', (name, command) => {
    const { text, options } = documented.get(name)!;
    expect(page).toContain('\nEvery command takes `--json`.\n');
    expect([...options.add('--json')].sort()).toEqual(longOptions(command).sort());
    const choices = command.options.flatMap(({ argChoices }) => argChoices ?? []);
    expect(choices.filter((choice) => !text.includes(choice))).toEqual([]);
  });

  it('names every argument of a command', () => {
    for (const [name, command] of commands) {
      const [usage] = documented.get(name)!.text.split(/`| --| \(/);
      expect(usage!.match(/ [A-Z]|L3\.N652/g) ?? [], name).toHaveLength(command.registeredArguments.length);
    }
  });
});

describe('every page', () => {
  it('names commands that are there, with options that they have', () => {
    const pages = ['README.md', 'CHANGELOG.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
    const texts = pages.filter((name) => name.endsWith('.md')).map((name) => readFileSync(name, 'utf8'));
    const calls = texts.flatMap((text) => [
      ...text.matchAll(/neuron-lens ((?:models )?[a-z]+)((?: [^`|\n]*)?)/g),
    ]);
    const known = calls.filter(([, name]) => commands.some(([command]) => command === name));
    expect(known.length).toBeGreaterThan(5);
    for (const [call, name, rest] of known) {
      const options = longOptions(commands.find(([command]) => command === name)![1]);
      for (const option of rest!.match(/--[a-z-]+/g) ?? []) expect(options, call).toContain(option);
    }
  });

  it('speaks of no other page that is not there', () => {
    const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
    const files = [...pages.map((name) => `docs/${name}`), 'README.md', 'CHANGELOG.md'];
    const missing = files.flatMap((file) => {
      const named = readFileSync(file, 'utf8').matchAll(/(?<![\w/.])(?:[\w-]+\/)*[\w-]+\.md\b/g);
      const found = [...named].map(([name]) => name);
      const lost = found.filter((name) => !existsSync(name) && !existsSync(join(dirname(file), name)));
      return lost.filter((name) => !EXAMPLES.includes(name)).map((name) => `${name} in ${file}`);
    });
    expect(missing).toEqual([]);
  });
});
