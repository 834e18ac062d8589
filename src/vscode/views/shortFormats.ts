import { env } from 'vscode';
import { formatCount } from '../../core/common/numberFormat';

/** `1.24 M`, for descriptions in trees; their tooltips have the exact count. */
export function formatTokens(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toPrecision(3)} M`;
  return formatCount(count);
}

/** `today 21:40`, `21 Nov`, `21 Nov 2025`. */
export function formatMoment(moment: Date, now = new Date()): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(env.language, options).format(moment);
  if (moment.toDateString() === now.toDateString())
    return `today ${format({ hour: '2-digit', minute: '2-digit' })}`;
  const year = moment.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return format({ day: 'numeric', month: 'short', ...year });
}
