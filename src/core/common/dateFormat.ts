/**
 * How people read dates: in their display language, whatever the editor, the browser or the terminal calls it.
 * Numbers are the same everywhere (numberFormat.ts). No other file may use Intl, but sentences.ts for English: a language that it does not know, such
 * as the `en-US@posix` of a Linux without a locale, makes it throw.
 */

const ENGLISH = 'en';

/**
 * What Intl calls a language.
 * @param name a BCP 47 tag, or a POSIX locale such as `de_DE.UTF-8@euro`
 * @returns a tag that Intl has: English where it knows no such language (`C`, nothing, nonsense)
 */
export function intlLanguage(name: string): string {
  const tag = name.replace(/[.@].*$/s, '').replaceAll('_', '-');
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? ENGLISH;
  } catch {
    return ENGLISH;
  }
}

/** `22 Nov 2026, 21:40`; what is no date is shown as it is. */
export function formatDate(created: string, language: string): string {
  return inLanguage(created, language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `today 21:40`, `21 Nov`, `21 Nov 2025`; what is no date is shown as it is. */
export function formatDay(created: string, language: string, now = new Date()): string {
  const date = new Date(created);
  if (date.toDateString() === now.toDateString())
    return `today ${inLanguage(created, language, { hour: '2-digit', minute: '2-digit' })}`;
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return inLanguage(created, language, { day: 'numeric', month: 'short', ...year });
}

function inLanguage(created: string, language: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return created;
  return new Intl.DateTimeFormat(intlLanguage(language), options).format(date);
}
