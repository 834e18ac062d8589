import { TreeItem, TreeItemCollapsibleState, type Command, type ThemeIcon } from 'vscode';
import { forEditor, inOneLine } from '../../core/common/foreignText';

/** A line of a tree. Its words may come from outside. */
export interface TreeLine {
  readonly label: string;
  /** Stays the same while the line is about the same thing. */
  readonly id?: string;
  readonly description?: string;
  /** Lines of the tooltip. */
  readonly tooltip?: readonly string[];
  readonly icon?: ThemeIcon;
  readonly contextValue?: string;
  readonly command?: Command;
  /** Whether lines below it are shown; it has none where this is not given. */
  readonly children?: 'shown' | 'hidden';
  /** What is read aloud instead of the label. */
  readonly spoken?: string;
}

const CHILDREN = {
  shown: TreeItemCollapsibleState.Expanded,
  hidden: TreeItemCollapsibleState.Collapsed,
} as const;

/** The one maker of lines of trees (a lint rule holds it). */
export function treeItem(line: TreeLine): TreeItem {
  const { id, description, tooltip, icon, contextValue, command, children, spoken } = line;
  const item = new TreeItem(
    forEditor(line.label),
    children === undefined ? TreeItemCollapsibleState.None : CHILDREN[children],
  );
  if (id !== undefined) item.id = id;
  if (description !== undefined) item.description = forEditor(description);
  if (tooltip) item.tooltip = tooltip.map(inOneLine).join('\n');
  if (icon) item.iconPath = icon;
  if (contextValue !== undefined) item.contextValue = contextValue;
  if (command) item.command = command;
  if (spoken !== undefined) item.accessibilityInformation = { label: inOneLine(spoken) };
  return item;
}
