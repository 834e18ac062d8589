import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { forMarkup, jsonForScript } from '../../../src/core/common/foreignText';
import { examplesAsCsv } from '../../../src/core/report/examplesCsv';
import { pageAsMarkdown } from '../../../src/core/report/pageMarkdown';
import { exampleOf, samplePage } from '../../webview/messages';

const quoted = exampleOf(['Say', ' "yes",\r\n', ' |then| <b>go</b>'], [0, 2.5, 0], 1);
const page = { ...samplePage, examples: { top: [quoted], bottom: [], bands: [], random: [] } };

describe('what leaves a page', () => {
  it('is CSV that another reader gives back unchanged', () => {
    const rows: Record<string, string>[] = parse(examplesAsCsv(page), { columns: true });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      list: 'top',
      rank: '1',
      value: '2.5',
      file: 'docs/example.md',
      token: ' "yes",\r\n',
      context: quoted.context.text,
    });
  });

  it('lists every example of the page in the CSV', () => {
    const { top, bottom, bands, random } = samplePage.examples;
    const all = top.length + bottom.length + random.length + bands.flatMap((band) => band.examples).length;
    expect(parse(examplesAsCsv(samplePage), { columns: true })).toHaveLength(all);
  });

  it('is Markdown in which text of the corpus stays text', () => {
    const markdown = pageAsMarkdown(page);
    expect(markdown).toContain('# L3.N652');
    expect(markdown).toContain('| Maximum | 5.21 |');
    expect(markdown).toContain('Say **"yes",** \\|then\\| \\<b\\>go\\</b\\>');
  });

  it('is markup that closes nothing', () => {
    expect(forMarkup(`<img src='x' onerror="y">&`)).toBe(
      '&lt;img src=&#39;x&#39; onerror=&quot;y&quot;&gt;&amp;',
    );
    const hostile = { text: '</script><!-- \u2028\u2029 <script>' };
    expect(jsonForScript(hostile)).not.toMatch(/[<\u2028\u2029]/);
    expect(JSON.parse(jsonForScript(hostile))).toEqual(hostile);
  });
});
