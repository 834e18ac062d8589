import { beforeEach, expect, it, vi } from 'vitest';
import type { TreeDataProvider, TreeItem } from 'vscode';
import { activateConceptsView } from '../../../src/vscode/views/conceptsView';
import type { ConceptTest } from '../../../src/vscode/profiles/conceptTests';

const { trees, vscode } = await vi.hoisted(async () => (await import('./fakeTrees')).fakeTrees());
vi.mock('vscode', () => vscode);
vi.mock('../../../src/vscode/concepts/ownConceptTools', () => ({
  homeOf: () => '/home',
  readConceptsFile: vi.fn(),
  readConceptsText: () => Promise.resolve(null),
}));

const tests = { current: null as ConceptTest | null, onDidChange: vi.fn() };
const lens = {
  current: { entry: { folder: '/made/docs', name: 'docs' }, onDidChange: vi.fn() },
  concepts: {
    of: () => Promise.resolve<unknown>(null),
    controls: () => Promise.resolve<unknown[]>([]),
  },
  library: { onDidChange: vi.fn() },
  tests,
};

async function rows(): Promise<TreeItem[]> {
  const tree = trees.tree as TreeDataProvider<object> | null;
  const nodes = (await tree!.getChildren()) ?? [];
  return nodes.map((node) => tree!.getTreeItem(node) as TreeItem);
}

beforeEach(() => {
  activateConceptsView(lens as unknown as Parameters<typeof activateConceptsView>[0]);
});

it('says how far a test of the profile that is shown is, and nothing of a test of another', async () => {
  tests.current = {
    folder: '/made/docs',
    name: 'docs',
    control: null,
    progress: { step: 'choosing', done: 41, total: 100 },
  };
  expect(await rows()).toMatchObject([
    { label: 'Testing concepts', description: 'step 2 of 4: choosing neurons on half A 41 %' },
  ]);
  tests.current = { ...tests.current, folder: '/made/other' };
  expect(await rows()).toEqual([]);
});

it('says how many neurons carry a name, and how many would with shuffled weights where that was tested', async () => {
  const results = { named: { neurons: 65, of: 3072 }, concepts: [], names: {} };
  lens.concepts = { of: () => Promise.resolve(results), controls: () => Promise.resolve([]) };
  const refresh = lens.library.onDidChange.mock.lastCall?.[0] as () => void;
  refresh();
  await vi.waitFor(() => expect(trees.view.message).toBe('65 of 3,072 neurons carry a name.'));
  const shuffled = { control: 'shuffled', named: { neurons: 25, of: 3072 } };
  lens.concepts.controls = () => Promise.resolve([shuffled]);
  refresh();
  await vi.waitFor(() =>
    expect(trees.view.message).toBe('65 of 3,072 neurons carry a name; with shuffled weights 25 would.'),
  );
});
