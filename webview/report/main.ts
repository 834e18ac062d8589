import * as v from 'valibot';
import { namedPageSchema } from '../../src/protocol/neuronPageSchema';
import { PageRoot } from '../common/pageRoot';
import { onWish } from '../common/wishes';
import { answerInBrowser } from './answerInBrowser';
import { ReportPage } from './reportPage';

const reportData = v.object({ profile: v.string(), pages: v.array(namedPageSchema) });

followSystemTheme();
const root = new PageRoot<ReportPage>();
const data = v.safeParse(reportData, JSON.parse(document.getElementById('data')?.textContent ?? 'null'));
if (data.success) {
  root.show(() => new ReportPage()).data = data.output;
  const [first] = data.output.pages;
  onWish((wish) => answerInBrowser(wish, first?.manifest.corpus.root ?? ''));
} else {
  root.error('The data of this report cannot be read. Write it anew with neuron-lens report.');
}

/** Dresses the report light or dark as the system is, and light on paper. */
function followSystemTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const dress = (isDark: boolean): void => {
    document.body.classList.toggle('vscode-dark', isDark);
    document.body.classList.toggle('vscode-light', !isDark);
  };
  dress(dark.matches);
  dark.addEventListener('change', () => dress(dark.matches));
  window.addEventListener('beforeprint', () => dress(false));
  window.addEventListener('afterprint', () => dress(dark.matches));
}
