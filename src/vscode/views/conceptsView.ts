import {
  EventEmitter,
  ThemeIcon,
  window,
  workspace,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import type { ConceptsFile } from '../../core/concepts/own/conceptsFile';
import { controlName, namesSentence } from '../../core/concepts/controls/conceptControl';
import { CONCEPTS_FILE } from '../../core/concepts/own/ownConcept';
import type { Services } from '../lens';
import { stepOf, type ConceptTest } from '../profiles/conceptTests';
import { whileWorkingInView } from '../surfaces/messages';
import { treeItem } from '../surfaces/treeItems';
import { conceptLines, type ConceptLine, type FamilyLines } from './conceptLines';
import { withUntested } from './ownConceptLines';

const CONCEPTS_VIEW = 'neuronLens.concepts';

type ConceptNode = ConceptTest | FamilyLines | ConceptLine;

/**
 * The concepts that were tested on the current profile, by family, each of which leads to its page; those of
 * concepts.json that were not yet; and above them how far a test of them is.
 */
export function activateConceptsView(
  lens: Services<'context' | 'library' | 'current' | 'concepts' | 'tests'>,
): Disposable[] {
  const changed = new EventEmitter<undefined>();
  const provider: TreeDataProvider<ConceptNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (parent) => {
      if (parent) return 'concepts' in parent ? [...parent.concepts] : [];
      const { entry } = lens.current;
      const results = entry && (await lens.concepts.of(entry.folder));
      const test = lens.tests.current;
      return [
        ...(test && test.folder === entry?.folder ? [test] : []),
        ...withUntested(results ? conceptLines(results) : [], await savedConcepts(lens)),
      ];
    },
    getTreeItem: (node) => {
      if ('progress' in node) return testItem(node);
      return 'concepts' in node ? familyItem(node) : conceptItem(node, lens);
    },
  };
  const view = window.createTreeView(CONCEPTS_VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const refresh = () => {
    view.description = forEditor(lens.current.entry?.name ?? '');
    void tellNames(view, lens);
    changed.fire(undefined);
  };
  const file = workspace.createFileSystemWatcher(`**/${CONCEPTS_FILE}`);
  let ended: (() => void) | null = null;
  return [
    view,
    file,
    file.onDidCreate(refresh),
    file.onDidChange(refresh),
    file.onDidDelete(refresh),
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
    lens.tests.onDidChange((test) => {
      refresh();
      if (test && !ended) whileWorkingInView(CONCEPTS_VIEW, new Promise((resolve) => (ended = resolve)));
      if (test) return;
      ended?.();
      ended = null;
    }),
  ];
}

/** Says above the concepts how many neurons carry a name. */
async function tellNames(
  view: Pick<TreeView<ConceptNode>, 'message'>,
  { current, concepts }: Services<'current' | 'concepts'>,
): Promise<void> {
  const { entry } = current;
  const [results, controls] = entry
    ? await Promise.all([concepts.of(entry.folder), concepts.controls(entry.folder)])
    : [null, []];
  if (current.entry?.folder !== entry?.folder) return;
  // Without results the view's own welcome is shown, which a message would stand above.
  view.message = results ? namesSentence(results, controls) : '';
}

function testItem(test: ConceptTest): TreeItem {
  const { control } = test;
  const label =
    control === null ? 'Testing concepts' : `Testing ${forEditor(controlName(control)).toLowerCase()}`;
  return treeItem({
    ...{ label, id: 'test', description: stepOf(test) },
    icon: new ThemeIcon('loading~spin'),
    contextValue: 'test',
  });
}

function familyItem({ label, description }: FamilyLines): TreeItem {
  return treeItem({ label, id: label, description, children: 'shown' });
}

function conceptItem(line: ConceptLine, { current }: Services<'current'>): TreeItem {
  const { label, description, tooltip, icon, state } = line;
  const { entry } = current;
  const isOwn = state.kind !== 'tested' || state.own;
  return treeItem({
    ...{ label, description, tooltip, icon: new ThemeIcon(icon) },
    contextValue: state.kind === 'fault' ? 'fault' : isOwn ? 'concept.own' : 'concept',
    ...(state.kind !== 'tested' && {
      command: { command: 'neuronLens.editConcepts', title: 'Edit Concepts', arguments: [line] },
    }),
    ...(state.kind === 'tested' &&
      entry && {
        command: {
          ...{ command: 'neuronLens.openConcept', title: 'Open Concept' },
          arguments: [{ profile: entry.folder, profileName: entry.name, concept: label }],
        },
      }),
  });
}

/** concepts.json as it is on disk; null where there is none, or no folder for it, or it cannot be read. */
async function savedConcepts(lens: Services<'context' | 'current'>): Promise<ConceptsFile | null> {
  const { homeOf, readConceptsFile, readConceptsText } = await import('../concepts/ownConceptTools');
  try {
    const text = await readConceptsText(homeOf(lens, null));
    return text === null ? null : readConceptsFile(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
