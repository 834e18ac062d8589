import { expect, it } from 'vitest';
import { conceptAsCsv, conceptAsJson, conceptAsMarkdown } from '../../../src/core/report/conceptExports';
import type { ShownConcept } from '../../../src/protocol/pages/concept';
import { conceptMessage, refusedConcept, sampleConcept } from '../../webview/conceptMessages';

const shownOf = (...given: Parameters<typeof conceptMessage>) =>
  conceptMessage(...given).answers.concept as ShownConcept;

it('writes the neurons of a concept as CSV, with full precision and no formula', () => {
  const [head, first, second] = conceptAsCsv(
    shownOf({ ...sampleConcept, name: '=cmd()', neurons: sampleConcept.neurons.slice(0, 2) }),
  ).split('\r\n');
  expect(head).toBe(
    'concept,neuron,auroc,low,high,ap,precisionTop1,threshold,precision,recall,meanDifference,selectivity,siblingAuroc,p,q,auroc_a,ap_a,precisionTop1_a,named,under,name',
  );
  expect(first).toContain("'=cmd(),L3.N652,0.981,0.974,0.987,0.84");
  expect(second!.endsWith('true,Number with unit,Number with unit')).toBe(true);
});

it('writes a concept as the command line prints it', () => {
  const { concepts, names, halves, version } = JSON.parse(conceptAsJson(shownOf())) as Record<
    string,
    unknown
  >;
  expect(concepts).toEqual([sampleConcept]);
  expect({ version, names, halves }).toMatchObject({
    version: 1,
    names: { 'L5.N90': { concept: 'Duration unit' } },
    halves: { cut: false },
  });
});

it('writes the page as Markdown in which a hostile name does nothing', () => {
  const text = conceptAsMarkdown(shownOf({ ...sampleConcept, name: '[x](javascript:alert(1)) | <img>' }));
  expect(text).toContain('# \\[x\\]\\(javascript:alert\\(1\\)\\) \\| \\<img\\>');
  expect(text).toMatch(/\| L2\.N1404 \| 0\.902 \| .* \| AP under 0\.5 \|/);
  expect(text).toContain('Shuffled labels: L0.N981 reaches AUROC 0.661');
  const refused = conceptAsMarkdown(shownOf(refusedConcept));
  expect(refused).toContain('**Refused.**');
  expect(refused).not.toContain('## Neurons');
});
