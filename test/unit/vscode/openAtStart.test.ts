import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { activateOpenAtStart } from '../../../src/vscode/links/openAtStart';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const window = vi.hoisted(() => ({ tabGroups: { all: [] as { tabs: unknown[] }[] } }));
vi.mock('vscode', () => ({ ...vscode, window: { ...(vscode as { window: object }).window, ...window } }));

const lens = {
  library: { add: vi.fn() },
  current: { use: vi.fn(() => Promise.resolve({ name: 'sample' })) },
  overviewPages: { show: vi.fn() },
  ...{ log: {}, engine: {} },
};
const start = () => activateOpenAtStart(lens as unknown as Parameters<typeof activateOpenAtStart>[0]);

beforeEach(() => {
  vi.clearAllMocks();
  editor.ran.length = 0;
  window.tabGroups.all = [{ tabs: [] }];
  vi.stubEnv('NEURON_LENS_PROFILE', '/made/sample');
});
afterEach(() => vi.unstubAllEnvs());

it('lists the profile that the window was started for, shows the side bar and its overview', async () => {
  start();
  const overview = { profile: '/made/sample', profileName: 'sample' };
  await vi.waitFor(() => expect(lens.overviewPages.show).toHaveBeenCalledExactlyOnceWith(overview));
  expect(lens.current.use).toHaveBeenCalledExactlyOnceWith('/made/sample');
  expect(lens.library.add).toHaveBeenCalledExactlyOnceWith('/made/sample');
  expect(editor.ran).toEqual([['workbench.view.extension.neuronLens']]);
});

it.each([
  ['that has tabs already', () => (window.tabGroups.all = [{ tabs: [] }, { tabs: [{}] }])],
  ['that was started for no profile', () => vi.stubEnv('NEURON_LENS_PROFILE', undefined)],
])('changes nothing in a window %s', async (_which, given) => {
  given();
  start();
  await Promise.resolve();
  expect(lens.library.add).not.toHaveBeenCalled();
  expect(editor.ran).toEqual([]);
});
