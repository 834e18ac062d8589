import type { QuickPickItem } from 'vscode';

interface Button {
  readonly tooltip: string;
}

/**
 * The user before a picker, who picks by a part of a label (`tiny`), presses a button of that line (`tiny > Remove`),
 * types and presses Enter (`type org/name`), or leaves off (null).
 */
export interface PickingUser {
  readonly answers: (string | null)[];
  /** What the pickers showed: label, description and detail of each line. */
  readonly shown: string[][];
}

/** Both kinds of the editor's pickers, for `vi.mock('vscode')`. */
export function fakePickers(user: PickingUser) {
  const take = (items: readonly QuickPickItem[]) => {
    user.shown.push(items.map(lineOf));
    return user.answers.shift() ?? '';
  };
  return {
    createQuickPick: () => new Picker(take),
    showQuickPick: (items: readonly QuickPickItem[]) => {
      const answer = take(items);
      return Promise.resolve(answer === '' ? undefined : items.find(({ label }) => label.includes(answer)));
    },
  };
}

/** The editor's picker as far as it is used: Enter takes the line that is active, else the first that the text matches. */
class Picker {
  items: QuickPickItem[] = [];
  activeItems: QuickPickItem[] = [];
  selectedItems: QuickPickItem[] = [];
  private readonly listeners = new Map<string, (value: unknown) => void>();
  readonly onDidAccept = this.on('accept');
  readonly onDidHide = this.on('hide');
  readonly onDidTriggerItemButton = this.on('button');
  readonly onDidChangeValue = this.on('value');

  constructor(private readonly take: (items: readonly QuickPickItem[]) => string) {}

  show(): void {
    const [start = '', button] = this.take(this.items).split(' > ');
    const typed = /^type (.+)$/.exec(start)?.[1];
    if (start === '') this.fire('hide', {});
    else if (typed !== undefined) {
      this.fire('value', typed);
      this.accept(this.activeItems[0] ?? this.items.find((item) => lineOf(item).includes(typed)));
    } else {
      const item = this.items.find(({ label }) => label.includes(start));
      if (button === undefined) this.accept(item);
      else {
        const buttons = (item?.buttons ?? []) as unknown as Button[];
        this.fire('button', { item, button: buttons.find(({ tooltip }) => tooltip.startsWith(button)) });
      }
    }
  }

  dispose = (): void => undefined;

  private accept(item: QuickPickItem | undefined): void {
    if (item) this.selectedItems = [item];
    this.fire(item ? 'accept' : 'hide', {});
  }

  private on(name: string) {
    return (listener: (value: never) => void) => {
      this.listeners.set(name, listener as (value: unknown) => void);
      return { dispose: () => undefined };
    };
  }

  private fire(name: string, value: unknown): void {
    this.listeners.get(name)?.(value);
  }
}

const lineOf = ({ label, description, detail }: QuickPickItem) =>
  [label, description, detail].filter(Boolean).join(' | ');
