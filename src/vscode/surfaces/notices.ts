import type { Log } from './log';
import { warn } from './messages';

/** Says the first of what the reader should know of a run, and where the rest of it stands; nothing where there is none. */
export async function tellNotices(log: Log, notices: readonly string[]): Promise<void> {
  const [first] = notices;
  if (first === undefined) return;
  notices.forEach((notice) => log.warn(notice));
  const more = notices.length > 1 ? ` (and ${notices.length - 1} more notes in the log)` : '';
  const show = 'Show Log';
  if ((await warn(`${first}${more}`, show)) === show) log.show();
}
