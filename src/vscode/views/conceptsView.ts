import {
  EventEmitter,
  ThemeIcon,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import type { Services } from '../lens';
import { whileWorkingInView } from '../surfaces/messages';
import { treeItem } from '../surfaces/treeItems';
import { conceptLines, type ConceptLine, type FamilyLines } from './conceptLines';

const CONCEPTS_VIEW = 'neuronLens.concepts';

type ConceptNode = FamilyLines | ConceptLine;

/** The concepts that were tested on the current profile, by family; each leads to its page. */
export function activateConceptsView(
  lens: Services<'library' | 'current' | 'concepts' | 'tests'>,
): Disposable[] {
  const changed = new EventEmitter<undefined>();
  const provider: TreeDataProvider<ConceptNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (parent) => {
      if (parent) return 'concepts' in parent ? [...parent.concepts] : [];
      const { entry } = lens.current;
      const results = entry && (await lens.concepts.of(entry.folder));
      return results ? conceptLines(results) : [];
    },
    getTreeItem: (node) => ('concepts' in node ? familyItem(node) : conceptItem(node, lens)),
  };
  const view = window.createTreeView(CONCEPTS_VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const refresh = () => {
    view.description = forEditor(lens.current.entry?.name ?? '');
    changed.fire(undefined);
  };
  let ended: (() => void) | null = null;
  return [
    view,
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
    lens.tests.onDidChange((test) => {
      if (test && !ended) whileWorkingInView(CONCEPTS_VIEW, new Promise((resolve) => (ended = resolve)));
      if (test) return;
      ended?.();
      ended = null;
    }),
  ];
}

function familyItem({ label, description }: FamilyLines): TreeItem {
  return treeItem({ label, id: label, description, children: 'shown' });
}

function conceptItem(
  { label, description, tooltip, icon }: ConceptLine,
  { current }: Services<'current'>,
): TreeItem {
  const { entry } = current;
  const target = entry && { profile: entry.folder, profileName: entry.name, concept: label };
  return treeItem({
    ...{ label, description, tooltip, icon: new ThemeIcon(icon), contextValue: 'concept' },
    ...(target && {
      command: { command: 'neuronLens.openConcept', title: 'Open Concept', arguments: [target] },
    }),
  });
}
