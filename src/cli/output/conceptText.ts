import { formatCount } from '../../core/common/numberFormat';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import { showProgress, type ProgressDisplay } from './progressDisplay';

const STEPS: Readonly<Record<ConceptProgress['step'], string>> = {
  labels: 'Labelling',
  choosing: 'Choosing neurons on half A',
  measuring: 'Measuring the chosen',
  figures: 'Figures',
};

/** Shows on stderr how far the test of concepts is. */
export function showConceptProgress(): ProgressDisplay<ConceptProgress> {
  return showProgress({
    format: '{step} {bar} {percentage} %  {of}',
    width: 28,
    measure: ({ step, done, total }) => ({
      done,
      total,
      values: { step: STEPS[step], of: doneOf(done, step) },
    }),
    line: ({ step, done, total }) => `${STEPS[step]}: ${doneOf(done, step)} of ${formatCount(total)}`,
  });
}

function doneOf(done: number, step: ConceptProgress['step']): string {
  return `${formatCount(done)} ${step === 'figures' ? 'concepts' : 'tokens'}`;
}
