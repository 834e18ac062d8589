import { basename } from 'node:path';
import {
  env,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { corpusSize } from '../../core/common/corpusSize';
import { formatDay } from '../../core/common/dateFormat';
import { toLensError } from '../../core/common/errors';
import { inOneLine } from '../../core/common/foreignText';
import { modelName } from '../../core/common/modelName';
import { formatCount, formatDuration, formatRoundCount } from '../../core/common/numberFormat';
import { selfTestStatement } from '../../core/common/selfTest';
import type { Services } from '../lens';
import { stepOf } from '../profiles/conceptTests';
import type { DamagedEntry, ProfileEntry } from '../profiles/profileEntry';
import type { ProfileRun, WaitingRun } from '../profiles/profileRuns';
import type { ProfileNode } from './nodes';
import { treeItem } from '../surfaces/treeItems';

export const PROFILES_VIEW = 'neuronLens.profiles';

type TreeServices = Services<'library' | 'current' | 'runs' | 'tests'>;

export function activateProfilesView(lens: TreeServices): Disposable[] {
  const tree = new ProfilesTree(lens);
  const view = window.createTreeView(PROFILES_VIEW, { treeDataProvider: tree });
  const refresh = () => tree.refresh();
  return [
    view,
    lens.library.onDidChange(refresh),
    lens.current.onDidChange(refresh),
    lens.tests.onDidChange(refresh),
    lens.runs.onDidChange((run) => {
      view.badge =
        run === null ? undefined : { value: 1, tooltip: inOneLine(`Profiling ${run.recipe.name}`) };
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
    const { current: run, waiting } = this.lens.runs;
    const made = new Set([run, ...waiting].map((making) => making?.folder));
    const entries = await this.lens.library.list();
    return [
      ...(run ? [{ kind: 'run' as const, run }] : []),
      ...waiting.map((later) => ({ kind: 'waiting' as const, run: later })),
      ...entries
        .filter((entry) => !made.has(entry.folder))
        .map((entry): ProfileNode =>
          'manifest' in entry ? { kind: 'profile', entry } : { kind: 'damaged', entry },
        ),
    ];
  }

  getTreeItem(node: ProfileNode): TreeItem {
    switch (node.kind) {
      case 'profile':
        return this.readableItem(node.entry);
      case 'damaged':
        return damagedItem(node.entry);
      case 'run':
        return runItem(node.run);
      case 'waiting':
        return waitingItem(node.run);
      case 'fact':
        return factItem(node);
    }
  }

  /** What cannot be told of one profile is that profile's fault alone: the tree shows the others. */
  private readableItem(entry: ProfileEntry): TreeItem {
    try {
      return this.profileItem(entry);
    } catch (thrown) {
      const { folder, name } = entry;
      return damagedItem({ folder, name, reason: toLensError(thrown).message });
    }
  }

  private profileItem(entry: ProfileEntry): TreeItem {
    const { manifest, folder, name } = entry;
    const { corpus, created, model, selfTest } = manifest;
    const complete = manifest.state === 'complete';
    const running = this.lens.tests.current;
    const test = running?.folder === folder ? running : null;
    const state = `${complete ? '' : 'Partial · '}${selfTest?.passed === false ? 'Self-test failed · ' : ''}`;
    return treeItem({
      label: name,
      id: folder,
      description: test
        ? `Testing concepts · ${stepOf(test)}`
        : `${this.isCurrent(folder) ? 'Shown · ' : ''}${state}${shortName(model.id)} · ${formatRoundCount(corpus.tokens)} tokens · ${formatDay(created, env.language)}`,
      tooltip: [
        name,
        complete ? 'Complete' : 'Partial: all numbers are exact for the tokens seen.',
        `${corpusSize(corpus)} in ${corpus.root}`,
        `Model ${modelName(model.id)} (${model.dtype})`,
        ...(selfTest === null ? [] : [selfTestStatement(selfTest)]),
        folder,
      ],
      icon: test
        ? new ThemeIcon('loading~spin')
        : complete
          ? new ThemeIcon('pass', this.isCurrent(folder) ? new ThemeColor('testing.iconPassed') : undefined)
          : new ThemeIcon('circle-large', new ThemeColor('list.warningForeground')),
      contextValue: `profile.${complete ? 'complete' : 'partial'}${entry.recipe ? '' : '.elsewhere'}`,
      command: { command: 'neuronLens.useProfile', title: 'Use This Profile', arguments: [node(entry)] },
    });
  }

  private isCurrent(folder: string): boolean {
    return this.lens.current.entry?.folder === folder;
  }
}

const shortName = (model: string): string => basename(modelName(model));

const node = (entry: ProfileEntry): ProfileNode => ({ kind: 'profile', entry });

function damagedItem({ folder, name, reason }: DamagedEntry): TreeItem {
  return treeItem({
    label: name,
    id: folder,
    description: reason,
    tooltip: [reason, folder],
    icon: new ThemeIcon('error', new ThemeColor('list.errorForeground')),
    contextValue: 'profile.damaged',
  });
}

function runItem({ recipe, folder, progress }: ProfileRun): TreeItem {
  return treeItem({
    label: recipe.name,
    id: `run ${folder}`,
    description: progress === null ? 'Opening the model' : shortName(recipe.model),
    icon: new ThemeIcon('loading~spin'),
    contextValue: 'profile.running',
    children: 'shown',
  });
}

function waitingItem({ recipe, folder }: WaitingRun): TreeItem {
  return treeItem({
    ...{ label: recipe.name, id: `waiting ${folder}`, description: 'Waits for its turn' },
    icon: new ThemeIcon('clock'),
    contextValue: 'profile.waiting',
  });
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

function factItem({ label, description, command }: ProfileNode & { kind: 'fact' }): TreeItem {
  return treeItem({
    label,
    description,
    ...(command !== undefined && { command: { command, title: label } }),
  });
}
