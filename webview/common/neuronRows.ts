import { request } from './wishes';

/** A table of neurons, one of whose rows is chosen. */
export interface NeuronRows {
  readonly table: HTMLElement & { readonly updateComplete: Promise<boolean> };
  /** Ids from the first row to the last. */
  readonly ids: readonly string[];
  readonly chosen: string;
  readonly pinned: readonly string[];
  readonly choose: (id: string) => void;
}

/** Keys of such a table: Up and Down choose a row, Enter opens its neuron, Space pins it. */
export function onRowKey(event: KeyboardEvent, { table, ids, chosen, pinned, choose }: NeuronRows): void {
  if ((event.target as Element).closest('a, button')) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    const target = ids[ids.indexOf(chosen) + step];
    if (target === undefined) return;
    choose(target);
    void table.updateComplete.then(() =>
      table.querySelector<HTMLElement>('tr[aria-selected="true"]')?.focus(),
    );
  } else if (event.key === 'Enter') request(table, { type: 'openNeuron', neuron: chosen });
  else if (event.key === ' ') togglePin(table, chosen, pinned);
  else return;
  event.preventDefault();
}

/** Pins a neuron, or unpins it. */
export function togglePin(asking: Element, neuron: string, pinned: readonly string[]): void {
  request(asking, { type: 'pin', neuron, pinned: !pinned.includes(neuron) });
}
