/** `22 Nov 2026, 21:40` in the display language; what is no date is shown as it is. */
export function shownDate(created: string, language: string): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return created;
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
