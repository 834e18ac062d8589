import { window, type Disposable } from 'vscode';
import type { Services } from '../lens';
import { SORT_KEYS, STATISTICS } from '../../core/stats/statistics';
import { setSortKey, sortKey } from '../profiles/neuronList';
import { registerFor } from '../showError';
import { NeuronsTree } from './neuronsTree';
import { forEditor } from '../../core/common/foreignText';
import { pick } from '../surfaces/picks';

/** The layers and neurons of the current profile, sorted by a metric that "Sort by…" changes. */
export function activateNeuronsView(
  lens: Services<'context' | 'log' | 'engine' | 'library' | 'current' | 'pins' | 'concepts'>,
): Disposable[] {
  const { workspaceState } = lens.context;
  const metric = () => sortKey(workspaceState);
  const tree = new NeuronsTree(lens, metric);
  const view = window.createTreeView('neuronLens.neurons', { treeDataProvider: tree, showCollapseAll: true });
  const refresh = () => {
    const { entry } = lens.current;
    view.description = entry
      ? forEditor(`${entry.name} · by ${STATISTICS[metric()].label.toLowerCase()}`)
      : '';
    tree.refresh();
  };
  return [
    view,
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
    lens.pins.onDidChange(refresh),
    registerFor(lens)('showMoreNeurons', (site: string) => tree.showMore(site)),
    registerFor(lens)('sortNeurons', async () => {
      const items = SORT_KEYS.map((key) => ({
        label: STATISTICS[key].label,
        description: key === metric() ? 'current' : '',
        key,
      }));
      const picked = await pick(items, { title: 'Sort neurons by' });
      if (!picked) return;
      await setSortKey(workspaceState, picked.key);
      refresh();
    }),
  ];
}
