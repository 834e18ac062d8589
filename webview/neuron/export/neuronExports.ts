import type { NeuronFacts } from '../../../src/core/profile/neuronPage';
import type { ExportEntry } from '../../common/exportMenu';
import { PAPER, readThemeColours } from '../../common/themeColours';
import { request } from '../../common/wishes';
import { type Distribution, distributionOf } from '../distribution/distribution';
import type { ExampleSource } from '../examples/exampleSource';

/**
 * What a neuron's page can be saved as: pictures of the histogram, the examples, the page. Pictures are light unless
 * asked otherwise.
 */
export function neuronExports(facts: NeuronFacts, source: ExampleSource): ExportEntry[] {
  const { id } = facts.neuron;
  const distribution = (): Distribution => distributionOf(facts, 'full');
  const save = (extension: string, content: string, encoding: 'utf-8' | 'base64' = 'utf-8'): void =>
    request(document.body, {
      type: 'saveFile',
      suggestedName: `${id.replace(':', '-')}.${extension}`,
      ...{ encoding, content },
    });
  const png = async (colours = PAPER): Promise<void> => {
    const { histogramPng } = await import('../distribution/histograms');
    save('png', histogramPng(distribution(), colours), 'base64');
  };
  const svg = async (): Promise<void> => {
    const { histogramSvg } = await import('./pageExports');
    save('svg', histogramSvg(distribution(), PAPER));
  };
  const markdown = async (): Promise<string> => {
    const [{ pageAsMarkdown }, page] = await Promise.all([import('./pageExports'), source.whole()]);
    return pageAsMarkdown(page);
  };
  const csv = async (): Promise<string> => {
    const [{ examplesAsCsv }, page] = await Promise.all([import('./pageExports'), source.whole()]);
    return examplesAsCsv(page);
  };
  return [
    { label: 'Histogram as PNG', run: () => png() },
    { label: 'Histogram as PNG in the current theme', run: () => png(readThemeColours()) },
    { label: 'Histogram as SVG', run: svg },
    null,
    { label: 'Examples as CSV', run: async () => save('csv', await csv()) },
    {
      label: 'Everything as JSON',
      run: async () => save('json', JSON.stringify(await source.whole(), null, 2)),
    },
    { label: 'Page as Markdown', run: async () => save('md', await markdown()) },
    null,
    {
      label: 'Copy page as Markdown',
      run: async () =>
        request(document.body, { type: 'copyText', text: await markdown(), what: `page of ${id}` }),
    },
  ];
}
