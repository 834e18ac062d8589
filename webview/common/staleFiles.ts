import type { TemplateResult } from 'lit';
import { formatCount } from '../../src/core/common/numberFormat';
import type { Example } from '../../src/core/profile/neuronPage';
import { badge } from './widgets';

/** How many files of some examples changed since they were profiled, and how many are gone. */
export function staleFileBadges(examples: readonly Example[]): TemplateResult[] {
  const stale = examples.filter((example) => example.stale);
  const files = (missing: boolean): number =>
    new Set(stale.filter((example) => example.missing === missing).map(({ file }) => file)).size;
  return [
    ...fileBadge(files(false), 'changed', 'Values of their examples may be out of date.'),
    ...fileBadge(
      files(true),
      'missing',
      'They are gone or cannot be read; the text of their examples is shown from the profile.',
    ),
  ];
}

function fileBadge(count: number, what: string, consequence: string): TemplateResult[] {
  if (count === 0) return [];
  const text = `${formatCount(count)} ${count === 1 ? 'file' : 'files'} ${what}`;
  return [badge(text, { icon: 'warning', tone: 'warning', title: consequence })];
}
