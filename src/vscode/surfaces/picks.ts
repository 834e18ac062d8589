import {
  QuickPickItemKind,
  window,
  type Disposable,
  type InputBoxOptions,
  type QuickInputButton,
  type QuickPickItem,
} from 'vscode';
import { forEditor } from '../../core/common/foreignText';

/** A line to pick. Its words may come from outside; its icon is one of the editor's, by name. */
export interface PickLine {
  readonly label: string;
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
  readonly buttons?: readonly QuickInputButton[];
  /** A head between lines, which cannot be picked. */
  readonly isHead?: boolean;
}

/** A line that was picked, or one of its buttons that was pressed. */
export interface Picked<Line> {
  readonly line: Line;
  readonly button: QuickInputButton | null;
}

/** Lets the reader pick a line. @returns null when the reader leaves off */
export async function pick<Line extends PickLine>(
  lines: readonly Line[],
  { title, placeHolder }: { readonly title: string; readonly placeHolder?: string },
): Promise<Line | null> {
  const items = lines.map(itemOf);
  const picked = await window.showQuickPick(items, {
    title: forEditor(title),
    matchOnDescription: true,
    ...(placeHolder !== undefined && { placeHolder: forEditor(placeHolder) }),
  });
  return picked?.line ?? null;
}

/**
 * Lets the reader pick a line, press a button of one, or type what stands for a line of its own.
 * @param typed the line that a text stands for, or null; it comes first and is the one that Enter takes, so that
 *   another line that the text also happens to match is not taken in its place
 * @returns null when the reader leaves off
 */
export function pickWithButtons<Line extends PickLine>(
  title: string,
  lines: readonly Line[],
  typed: (text: string) => Line | null = () => null,
): Promise<Picked<Line> | null> {
  const picker = window.createQuickPick<Item<Line>>();
  const items = lines.map(itemOf);
  picker.title = forEditor(title);
  picker.items = items;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  return new Promise<Picked<Line> | null>((resolve) => {
    const listeners: Disposable[] = [
      picker.onDidChangeValue((text) => {
        const line = typed(text.trim());
        const own = line && { ...itemOf(line), alwaysShow: true };
        picker.items = own ? [own, ...items] : items;
        if (own) picker.activeItems = [own];
      }),
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item) resolve({ line: item.line, button: null });
      }),
      picker.onDidTriggerItemButton(({ item, button }) => resolve({ line: item.line, button })),
      picker.onDidHide(() => {
        resolve(null);
        for (const listener of listeners) listener.dispose();
      }),
    ];
    picker.show();
  }).finally(() => picker.dispose());
}

/** Lets the reader type something. @returns undefined when the reader leaves off */
export function askForText(
  options: InputBoxOptions & { readonly title: string },
): Thenable<string | undefined> {
  return window.showInputBox({
    ...options,
    title: forEditor(options.title),
    ...(options.prompt !== undefined && { prompt: forEditor(options.prompt) }),
    validateInput: async (typed) => {
      const refusal = await options.validateInput?.(typed);
      return typeof refusal === 'string' ? forEditor(refusal) : refusal;
    },
  });
}

interface Item<Line> extends QuickPickItem {
  readonly line: Line;
}

function itemOf<Line extends PickLine>(line: Line): Item<Line> {
  const { label, icon, description, detail, buttons, isHead } = line;
  return {
    line,
    label: `${icon === undefined ? '' : `$(${icon}) `}${forEditor(label)}`,
    ...(description !== undefined && { description: forEditor(description) }),
    ...(detail !== undefined && { detail: forEditor(detail) }),
    ...(buttons && { buttons }),
    ...(isHead === true && { kind: QuickPickItemKind.Separator }),
  };
}
