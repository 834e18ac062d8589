import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closed, floors, rooms } from '../../../tools/build/rooms.json';

const page = readFileSync('docs/architecture.md', 'utf8');
const folderOf = (room: string): string => (room === 'webview' ? room : `src/${room}`);

function foldersIn(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The block of the page that draws the folders, by room: what stands beside its name and under it. */
function drawnRooms(): Map<string, string> {
  const [, drawing] = /## Rooms\n```\n(.*?)```/s.exec(page)!;
  const parts = drawing!.split(/^ {0,2}(?=[a-z]+\/ )/m).filter((part) => part !== 'src/\n');
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('/')), part]));
}

describe('docs/architecture.md', () => {
  it('draws every room, and every folder in it', () => {
    const drawn = drawnRooms();
    expect(Object.keys(rooms).sort()).toEqual([...foldersIn('src'), 'webview'].sort());
    for (const room of Object.keys(rooms)) {
      const missing = foldersIn(folderOf(room)).filter((name) => !drawn.get(room)!.includes(`${name}/`));
      expect(missing, room).toEqual([]);
    }
  });

  it('says what each room may import, as the lint rule has it', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|$/gm)];
    const said = rows.map(([, room, cell]) => {
      const [open, never = ''] = cell!.split('never');
      const names = (text: string): string[] =>
        [...text.matchAll(/`([\w/]+)`/g)].map(([, name]) => name!).sort();
      return [room!, { open: names(open!), never: names(never) }];
    });
    const closedTo: Record<string, string[]> = closed;
    const held = Object.entries(rooms).map(([room, others]) => [
      room,
      { open: [...others].sort(), never: [...(closedTo[room] ?? [])].sort() },
    ]);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(held));
  });

  it('draws the floors of core from the highest down, as the lint rule has them', () => {
    const [, drawing] = /### Floors of core\n```\n(.*?)```/s.exec(page)!;
    const drawn = drawing!
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/).filter((word) => /^[a-z]+$/.test(word)));
    expect(drawn.reverse().map((floor) => [...floor].sort())).toEqual(
      floors.map((floor) => [...floor].sort()),
    );
    expect(floors.flat().sort()).toEqual(foldersIn('src/core').sort());
  });
});

describe('the two walks', () => {
  it('name files that exist', () => {
    const [, walks] = /## Two walks\n(.*?)\n## /s.exec(page)!;
    const files = [...walks!.matchAll(/`([\w/]+\.ts)`/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('the README', () => {
  it('names every room', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(Object.keys(rooms).filter((room) => !new RegExp(`\`${room}/?\``).test(readme))).toEqual([]);
  });
});

describe('tsconfig.json', () => {
  it('refers to the sources of every room, and to the tests', () => {
    const { references } = JSON.parse(readFileSync('tsconfig.json', 'utf8')) as {
      references: { path: string }[];
    };
    const projects = references.map(({ path }) => path);
    expect(projects).toContain('test');
    for (const room of Object.keys(rooms)) {
      expect(
        projects.some((path) => `${folderOf(room)}/`.startsWith(`${path}/`)),
        room,
      ).toBe(true);
    }
  });
});
