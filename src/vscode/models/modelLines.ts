import { basename, dirname, isAbsolute } from 'node:path';
import { ThemeIcon, type QuickInputButton } from 'vscode';
import { formatBytes } from '../../core/common/numberFormat';
import { selfTestLabel } from '../../core/common/selfTest';
import { pick, type PickLine } from '../surfaces/picks';
import type { ModelChoice } from './modelChoice';
import type { ListedDtype, ListedModel } from './modelList';

/** A line of the picker: a model, or the head of a group. */
export interface ModelLine extends PickLine {
  readonly listed?: ListedModel;
}

/** What can be done with a model of the picker besides choosing it. */
export const MODEL_BUTTONS = {
  reveal: { iconPath: new ThemeIcon('folder-opened'), tooltip: 'Show in File Manager' },
  check: { iconPath: new ThemeIcon('verified'), tooltip: 'Run the Self-Test' },
  remove: { iconPath: new ThemeIcon('trash'), tooltip: 'Remove…' },
} satisfies Record<string, QuickInputButton>;

const GROUPS = { embedded: null, added: 'added', downloaded: 'downloaded from the Hub' } as const;

/** The models as lines, under the names of their groups. */
export function modelLines(models: readonly ListedModel[], current: ModelChoice): ModelLine[] {
  return models.flatMap((listed, place) => {
    const name = GROUPS[listed.origin];
    const isFirst = models[place - 1]?.origin !== listed.origin;
    const head = isFirst && name !== null ? [{ label: name, isHead: true }] : [];
    return [...head, modelLine(listed, current)];
  });
}

function modelLine(listed: ListedModel, current: ModelChoice): ModelLine {
  const { model, origin, dtypes, problem } = listed;
  const { reveal, check, remove } = MODEL_BUTTONS;
  const isCurrent = model === current.model;
  const sizes = dtypes.map(({ dtype, bytes }) => `${dtype} ${formatBytes(bytes)}`).join(', ');
  const place = isAbsolute(model) ? [dirname(model)] : [];
  return {
    listed,
    label: shortName(listed),
    icon: problem === null ? 'chip' : 'error',
    description: [...(isCurrent ? [`current${inDtype(current)}`] : []), sizes].filter(Boolean).join(' · '),
    detail: problem ?? [...place, testedLine(dtypes)].join(' · '),
    buttons: [...(problem === null ? [reveal, check] : []), ...(origin === 'embedded' ? [] : [remove])],
  };
}

/** Asks which of a model's files is meant where there are several. @returns null when the user leaves off */
export async function pickDtype({ model, dtypes }: ListedModel): Promise<ModelChoice | null> {
  if (dtypes.length < 2) return { model };
  const items = dtypes.map(({ dtype, bytes, selfTest }) => ({
    label: dtype,
    description: formatBytes(bytes),
    ...(selfTest !== null && { detail: selfTestLabel(selfTest) }),
  }));
  const picked = await pick(items, { title: `${model}: precision of its weights` });
  return picked ? { model, dtype: picked.label } : null;
}

/** What a reader calls a model: its last path part or its Hub id. */
export function shortName({ model, origin }: Pick<ListedModel, 'model' | 'origin'>): string {
  if (origin === 'embedded') return 'Embedded model';
  return isAbsolute(model) ? basename(model) : model;
}

function inDtype({ dtype }: ModelChoice): string {
  return dtype === undefined ? '' : ` in ${dtype}`;
}

/** `Self-test passed · 2.98 × 10⁻⁶`, by dtype where there are several. */
function testedLine(dtypes: readonly ListedDtype[]): string {
  const tested = dtypes.flatMap(({ dtype, selfTest }) => {
    if (selfTest === null) return [];
    return [dtypes.length > 1 ? `${dtype}: ${selfTestLabel(selfTest)}` : selfTestLabel(selfTest)];
  });
  return tested.length === 0 ? 'Self-test on first use' : tested.join(', ');
}
