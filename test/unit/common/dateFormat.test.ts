import { describe, expect, it } from 'vitest';
import { formatDate, formatDay, intlLanguage } from '../../../src/core/common/dateFormat';

describe('the language of dates', () => {
  it.each([
    ['en-US@posix', 'en-US'],
    ['de_DE.UTF-8@euro', 'de-DE'],
    ['tr-TR', 'tr-TR'],
    ['ar-EG', 'ar-EG'],
    ['zh-cn', 'zh-CN'],
    ['C', 'en'],
    ['C.UTF-8', 'en'],
    ['POSIX', 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['x', 'en'],
    ['qps-ploc', 'en'],
    ['nonsense', 'en'],
    ['<img src=x onerror=alert(1)>', 'en'],
    ['en-US\n@posix', 'en'],
    ['e'.repeat(100_000), 'en'],
  ])('%s is %s for Intl', (name, tag) => {
    expect(intlLanguage(name)).toBe(tag);
  });
});

describe('dates', () => {
  const created = '2026-11-22T12:40:00.000Z';

  it('follow the language, and are English where there is none', () => {
    expect(formatDate(created, 'C')).toMatch(/^Nov 2[123], 2026, \d+:40/);
    expect(formatDate(created, 'de_DE.UTF-8')).toMatch(/^2[123]\.11\.2026, \d\d:40$/);
    expect(formatDate(created, 'tr-TR')).toMatch(/^2[123] Kas 2026 \d\d:40$/);
    expect(formatDate(created, 'ar-EG')).toContain('٢٠٢٦');
  });

  it('have a year only where it is another one, and a time only today', () => {
    const day = (now: string) => formatDay(created, 'en-GB', new Date(now));
    expect(day('2026-11-22T12:50:00.000Z')).toMatch(/^today \d\d:40$/);
    expect(day('2026-06-01T12:50:00.000Z')).toMatch(/^2[123] Nov$/);
    expect(day('2027-06-01T12:50:00.000Z')).toMatch(/^2[123] Nov 2026$/);
  });

  it.each(['yesterday', '', '2026-99-99T99:99:99Z'])('shows %j, which is no date, as it is', (text) => {
    expect(formatDate(text, 'en')).toBe(text);
    expect(formatDay(text, 'en')).toBe(text);
  });
});
