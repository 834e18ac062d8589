import { window, type Disposable } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { BY_NAME } from '../../core/concepts/namedFirst';
import type { Profile } from '../../core/profile/openProfile';
import { hasWeights } from '../../core/profile/profileFiles';
import { DEFAULT_SORT_KEY, SORT_KEYS } from '../../core/stats/statistics';
import { isWeightKey, WEIGHT_FIGURES, WEIGHT_KEYS } from '../../core/stats/weightFigures';
import type { Services } from '../lens';
import { listKey, listLabel, setListKey, type SidebarKey } from '../profiles/neuronList';
import { haveWeights } from '../profiles/profileWeights';
import { registerFor, showError } from '../showError';
import { pick, type PickLine } from '../surfaces/picks';
import { NeuronsTree } from './neuronsTree';

interface SortLine extends PickLine {
  readonly key: SidebarKey | null;
}

/** The layers and neurons of the current profile, sorted by a metric that "Sort by…" changes. */
export function activateNeuronsView(
  lens: Services<'context' | 'log' | 'engine' | 'library' | 'current' | 'pins' | 'concepts' | 'tokens'>,
): Disposable[] {
  const { workspaceState } = lens.context;
  const keyOf = ({ manifest }: Pick<Profile, 'manifest'>, results: ConceptResults | null) =>
    listKey(workspaceState, manifest, results);
  const tree = new NeuronsTree(lens, keyOf);
  const view = window.createTreeView('neuronLens.neurons', { treeDataProvider: tree, showCollapseAll: true });
  const describe = async () => {
    const { entry } = lens.current;
    const key = entry && keyOf(await lens.current.reader(entry.folder), await lens.concepts.of(entry.folder));
    if (lens.current.entry !== entry) return;
    view.description = entry && key ? forEditor(`${entry.name} · by ${listLabel(key).toLowerCase()}`) : '';
  };
  const refresh = () => {
    describe().catch((thrown: unknown) => showError(lens, thrown));
    tree.refresh();
  };
  return [
    view,
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
    lens.pins.onDidChange(refresh),
    registerFor(lens)('showMoreNeurons', (site: string) => tree.showMore(site)),
    registerFor(lens)('sortNeurons', async () => {
      const { entry } = lens.current;
      const reader = entry && (await lens.current.reader(entry.folder));
      const results = entry && (await lens.concepts.of(entry.folder));
      const picked = await pick(sortLines(reader, results), { title: 'Sort neurons by' });
      if (!picked?.key) return;
      if (entry && isWeightKey(picked.key)) await haveWeights(lens, entry);
      await setListKey(workspaceState, picked.key);
      refresh();
    }),
  ];

  function sortLines(reader: Profile | null, results: ConceptResults | null): SortLine[] {
    const current = reader ? keyOf(reader, results) : DEFAULT_SORT_KEY;
    const isKept = reader !== null && hasWeights(reader.manifest);
    const line = (key: SidebarKey): SortLine => ({
      ...{ key, label: listLabel(key), description: key === current ? 'current' : '' },
      ...(isWeightKey(key) && { detail: WEIGHT_FIGURES[key].meaning }),
    });
    const head = isKept ? 'Of the weights' : 'Of the weights: the model is read once for all five';
    return [
      ...(results ? [line(BY_NAME)] : []),
      ...SORT_KEYS.map(line),
      { key: null, label: head, isHead: true },
      ...WEIGHT_KEYS.map(line),
    ];
  }
}
