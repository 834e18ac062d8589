import * as v from 'valibot';
import { namedPageSchema } from '../../src/protocol/neuronPageSchema';
import { PageRoot } from '../common/pageRoot';
import { onWish } from '../common/wishes';
import { answerInBrowser } from './answerInBrowser';
import { followSystemTheme } from './systemTheme';
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
