import type { SiteActivations } from '../onnx/activationModel';
import type { NumberedRows } from './tokenWalk';

/** A neuron of the exposed tables: its table and its column there. */
export interface ChosenNeuron {
  readonly table: number;
  readonly neuron: number;
}

/** Tokens of which the values of so many neurons find room in `bytes`. */
export function tokensWithin(bytes: number, neurons: number): number {
  return Math.floor(bytes / (Float32Array.BYTES_PER_ELEMENT * Math.max(1, neurons)));
}

/** The values of the chosen neurons at every token of both halves. */
export class ChosenValues {
  private readonly columns = new Map<string, Float32Array>();
  private readonly byTable = new Map<number, { readonly neuron: number; readonly column: Float32Array }[]>();

  constructor(neurons: Iterable<ChosenNeuron>, tokens: number) {
    for (const { table, neuron } of neurons) {
      const key = keyOf({ table, neuron });
      if (this.columns.has(key)) continue;
      const column = new Float32Array(tokens);
      this.columns.set(key, column);
      const list = this.byTable.get(table);
      if (list) list.push({ neuron, column });
      else this.byTable.set(table, [{ neuron, column }]);
    }
  }

  add(table: number, { values, site: { dFf } }: SiteActivations, { rows, numbers }: NumberedRows): void {
    for (const { neuron, column } of this.byTable.get(table) ?? []) {
      for (let i = 0; i < rows.length; i++) {
        const value = values[rows[i]! * dFf + neuron]!;
        // Infinite values and what is no number have no rank; at 0 they tell least.
        column[numbers[i]!] = value - value === 0 ? value : 0;
      }
    }
  }

  of(neuron: ChosenNeuron): Float32Array {
    return this.columns.get(keyOf(neuron))!;
  }
}

export function keyOf({ table, neuron }: ChosenNeuron): string {
  return `${table}.${neuron}`;
}
