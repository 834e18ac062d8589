import { basename } from 'node:path';
import {
  env,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import { corpusSize } from '../../core/common/corpusSize';
import { formatDay } from '../../core/common/dateFormat';
import { modelName } from '../../core/common/modelName';
import { formatCount, formatDuration, formatRoundCount } from '../../core/common/numberFormat';
import { selfTestStatement } from '../../core/common/selfTest';
import type { Services } from '../lens';
import type { DamagedEntry, ProfileEntry } from '../profiles/profileEntry';
import type { ProfileRun } from '../profiles/profileRuns';
import type { ProfileNode } from './nodes';

export const PROFILES_VIEW = 'neuronLens.profiles';

type TreeServices = Services<'library' | 'current' | 'runs'>;

export function activateProfilesView(lens: TreeServices): Disposable[] {
  const tree = new ProfilesTree(lens);
  const view = window.createTreeView(PROFILES_VIEW, { treeDataProvider: tree });
  const refresh = () => tree.refresh();
  return [
    view,
    lens.library.onDidChange(refresh),
    lens.current.onDidChange(refresh),
    lens.runs.onDidChange((run) => {
      view.badge = run === null ? undefined : { value: 1, tooltip: `Profiling ${run.order.name}` };
      tree.refresh();
    }),
  ];
}

class ProfilesTree implements TreeDataProvider<ProfileNode> {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly lens: TreeServices) {}

  refresh(): void {
    this.changed.fire(undefined);
  }

  async getChildren(parent?: ProfileNode): Promise<ProfileNode[]> {
    if (parent) return parent.kind === 'run' ? factsOf(parent.run) : [];
    const run = this.lens.runs.current;
    const entries = await this.lens.library.list();
    return [
      ...(run ? [{ kind: 'run' as const, run }] : []),
      ...entries
        .filter((entry) => entry.folder !== run?.folder)
        .map((entry): ProfileNode =>
          'manifest' in entry ? { kind: 'profile', entry } : { kind: 'damaged', entry },
        ),
    ];
  }

  getTreeItem(node: ProfileNode): TreeItem {
    switch (node.kind) {
      case 'profile':
        return this.profileItem(node.entry);
      case 'damaged':
        return damagedItem(node.entry);
      case 'run':
        return runItem(node.run);
      case 'fact':
        return factItem(node);
    }
  }

  private profileItem(entry: ProfileEntry): TreeItem {
    const { manifest, folder, name } = entry;
    const complete = manifest.state === 'complete';
    const item = new TreeItem(name);
    item.id = folder;
    const selfTest = manifest.selfTest;
    const state = `${complete ? '' : 'Partial · '}${selfTest?.passed === false ? 'Self-test failed · ' : ''}`;
    item.description = `${state}${shortName(manifest.model.id)} · ${formatRoundCount(manifest.corpus.tokens)} tokens · ${formatDay(manifest.created, env.language)}`;
    item.iconPath = complete
      ? new ThemeIcon('pass', this.isCurrent(folder) ? new ThemeColor('testing.iconPassed') : undefined)
      : new ThemeIcon('circle-large', new ThemeColor('list.warningForeground'));
    item.contextValue = `profile.${complete ? 'complete' : 'partial'}${entry.order ? '' : '.elsewhere'}`;
    item.tooltip = [
      name,
      complete ? 'Complete' : 'Partial: all numbers are exact for the tokens seen.',
      `${corpusSize(manifest.corpus)} in ${manifest.corpus.root}`,
      `Model ${modelName(manifest.model.id)} (${manifest.model.dtype})`,
      ...(selfTest === null ? [] : [selfTestStatement(selfTest)]),
      folder,
    ].join('\n');
    item.command = { command: 'neuronLens.useProfile', title: 'Use This Profile', arguments: [node(entry)] };
    return item;
  }

  private isCurrent(folder: string): boolean {
    return this.lens.current.entry?.folder === folder;
  }
}

const shortName = (model: string): string => basename(modelName(model));

const node = (entry: ProfileEntry): ProfileNode => ({ kind: 'profile', entry });

function damagedItem(entry: DamagedEntry): TreeItem {
  const item = new TreeItem(entry.name);
  item.id = entry.folder;
  item.description = entry.reason;
  item.tooltip = `${entry.reason}\n${entry.folder}`;
  item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  item.contextValue = 'profile.damaged';
  return item;
}

function runItem({ order, folder, progress }: ProfileRun): TreeItem {
  const item = new TreeItem(order.name, TreeItemCollapsibleState.Expanded);
  item.id = `run ${folder}`;
  item.description = progress === null ? 'Opening the model' : shortName(order.model);
  item.iconPath = new ThemeIcon('loading~spin');
  item.contextValue = 'profile.running';
  return item;
}

function factsOf({ progress }: ProfileRun): ProfileNode[] {
  if (progress === null) return [];
  const { tokensDone, tokensTotal, tokensPerSecond, secondsLeft, readable } = progress;
  const share =
    tokensTotal > 0 ? `${Math.floor((100 * tokensDone) / tokensTotal)} %` : formatCount(tokensDone);
  const left = secondsLeft === null ? '' : `${formatDuration(secondsLeft)} left`;
  return [
    {
      kind: 'fact',
      label: share,
      description:
        tokensTotal > 0 ? `${formatCount(tokensDone)} of ${formatCount(tokensTotal)} tokens` : 'tokens',
    },
    { kind: 'fact', label: `${formatCount(Math.round(tokensPerSecond))} tokens/s`, description: left },
    ...(readable
      ? [
          {
            kind: 'fact' as const,
            label: 'Open results so far',
            description: `exact for ${share}`,
            command: 'neuronLens.openResultsSoFar',
          },
        ]
      : []),
  ];
}

function factItem(fact: ProfileNode & { kind: 'fact' }): TreeItem {
  const item = new TreeItem(fact.label);
  item.description = fact.description;
  if (fact.command !== undefined) item.command = { command: fact.command, title: fact.label };
  return item;
}
