import { formatValue } from '../../src/core/common/numberFormat';

/** Round values for the ticks of an axis, at most about `most` of them. */
export function roundTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** A tick: the value without the trailing zeros that statistics keep. */
export function shortValue(value: number): string {
  const shown = formatValue(value);
  return shown.includes('.') && !shown.includes('×') ? shown.replace(/\.?0+$/, '') : shown;
}
