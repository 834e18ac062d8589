import { window, type Disposable, type QuickInputButton, type QuickPickItem } from 'vscode';
import { formatBytes } from '../../core/common/numberFormat';
import { selfTestLabel } from '../../core/common/selfTest';
import type { ModelChoice } from './modelChoice';
import type { ListedModel } from './modelList';

/** A line that was picked, or one of its buttons that was pressed. */
export interface Picked {
  readonly item: QuickPickItem;
  readonly button: QuickInputButton | null;
}

/** A quick pick whose lines have buttons. @returns null when the user leaves off */
export function pickWithButtons(title: string, items: readonly QuickPickItem[]): Promise<Picked | null> {
  const picker = window.createQuickPick();
  picker.title = title;
  picker.items = items;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  return new Promise<Picked | null>((resolve) => {
    const listeners: Disposable[] = [
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item) resolve({ item, button: null });
      }),
      picker.onDidTriggerItemButton(({ item, button }) => resolve({ item, button })),
      picker.onDidHide(() => {
        resolve(null);
        for (const listener of listeners) listener.dispose();
      }),
    ];
    picker.show();
  }).finally(() => picker.dispose());
}

/** Asks which of a model's files is meant where there are several. @returns null when the user leaves off */
export async function pickDtype({ model, dtypes }: ListedModel): Promise<ModelChoice | null> {
  if (dtypes.length < 2) return { model };
  const items = dtypes.map(({ dtype, bytes, selfTest }) => ({
    label: dtype,
    description: formatBytes(bytes),
    ...(selfTest !== null && { detail: selfTestLabel(selfTest) }),
  }));
  const picked = await window.showQuickPick(items, { title: `${model}: precision of its weights` });
  return picked ? { model, dtype: picked.label } : null;
}
