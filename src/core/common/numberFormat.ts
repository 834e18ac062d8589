/**
 * How people read numbers on pages, in the editor and on the terminal (docs/design.md, Number formats).
 * JSON and exports carry plain numbers of full precision instead.
 */

const MINUS = '−';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A value or statistic: 3 significant digits; whole from 1,000; scientific under 0.001 and from 100,000. */
export function formatValue(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size < 0.001 || size >= 100_000) return sign + scientific(size);
  return sign + (size >= 1000 ? formatCount(Math.round(size)) : size.toPrecision(3));
}

/** An exact count with separators: `1,240,110`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `1.24 M`, where an exact count has no room. */
export function formatRoundCount(count: number): string {
  return count >= 1e6 ? `${(count / 1e6).toPrecision(3)} M` : formatCount(count);
}

/** The tokens of a bar, marked where it shares a bin with its neighbour: `1,240`, `≈ 310`. */
export function formatBarCount(count: number, isShared: boolean): string {
  return isShared ? `≈ ${formatCount(count)}` : formatCount(count);
}

/** A share of 1 in percent: `14.7 %`, `8.91 %`, `0.47 %`, `<0.01 %`. */
export function formatShare(share: number | null): string {
  if (share === null || Number.isNaN(share)) return '–';
  const percent = 100 * share;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '<0.01 %';
  return `${percent >= 10 ? percent.toFixed(1) : percent.toFixed(2)} %`;
}

/** A percentile with as many decimals as keep up to two digits of its distance to 0 or 100: `99.88`, `99.9991`. */
export function formatPercentile(percentile: number): string {
  const distance = Math.min(percentile, 100 - percentile);
  if (distance <= 0) return String(percentile);
  const decimals = Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(distance))));
  return percentile
    .toFixed(decimals)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** An AUROC: `0.981`. */
export function formatAuroc(auroc: number): string {
  return auroc.toFixed(3);
}

/** An interval of AUROCs, without the zeros before the points: `[.974–.987]`. */
export function formatAurocInterval(low: number, high: number): string {
  const short = (auroc: number) => formatAuroc(auroc).replace(/^0/, '');
  return `[${short(low)}–${short(high)}]`;
}

/** A correlation, an average precision, a precision: `0.71`, `−0.04`. */
export function formatRatio(ratio: number): string {
  return ratio
    .toFixed(2)
    .replace('-', MINUS)
    .replace(/^−(0\.00)$/, '$1');
}

/** A selectivity: `+0.32`. */
export function formatSignedRatio(ratio: number): string {
  const text = formatRatio(ratio);
  return text.startsWith(MINUS) ? text : `+${text}`;
}

/** A difference with its sign, in fixed decimals: `+0.25`, `−12.50`, `0.00`; of a share in points, 100 times it. */
export function formatDifference(difference: number, decimals: number): string {
  if (Number.isNaN(difference)) return '–';
  const sign = difference < 0 ? MINUS : '+';
  if (!Number.isFinite(difference)) return `${sign}∞`;
  const size = Math.abs(difference).toFixed(decimals);
  return Number(size) === 0 ? size : sign + size;
}

/** A value as `formatValue` has it, with a plus where it is above 0: `+0.0270`. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatValue(value)}` : formatValue(value);
}

/** A q value in one digit, its floor at 1e-6: `0.2`, `2e-5`, `<1e-6`. */
export function formatQ(q: number): string {
  if (q < 1e-6) return '<1e-6';
  return q < 1e-3 ? q.toExponential(0) : String(Number(q.toPrecision(1)));
}

/** A duration in one unit under a minute, in two above: `48 s`, `2 min 03 s`, `1 h 05 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** A size on disk in decimal units, as file managers and the Hub give it: `312 B`, `23.1 MB`, `1.35 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toPrecision(3)} ${units[power] ?? ''}`;
}

function scientific(size: number): string {
  const [digits = '', exponent = '0'] = size.toExponential(2).split('e');
  return `${digits} × ${formatPowerOfTen(Number(exponent))}`;
}

/** A power of ten: `10⁻⁴`. */
export function formatPowerOfTen(power: number): string {
  const raised = String(Math.abs(power)).replace(/\d/g, (digit) => SUPERSCRIPTS.charAt(Number(digit)));
  return `10${power < 0 ? '⁻' : ''}${raised}`;
}
