import type { AblationAnswer, NamedShift } from '../../core/cause/ablationAnswer';
import { medianOf } from '../../core/common/median';
import { formatCount, formatShare, formatValue } from '../../core/common/numberFormat';
import {
  farthestControl,
  groupWords,
  LOWER_BOUND,
  type CorpusAblation,
  type GroupChange,
} from '../../core/cause/corpusAnswer';
import type { RankedLayer, RankedNeuron } from '../../core/cause/rankedLayer';
import { formatTable } from './table';

/** What came of changed neurons on a text, without its continuations. */
export function ablationText(answer: AblationAnswer): string {
  const { kl, p, controls, cosine, output } = answer;
  const sizes = controls.map(({ change }) => change);
  const effect =
    cosine === null
      ? `KL divergence of the ${OUTPUTS[output]} ${formatValue(kl)} nats`
      : `Cosine of the sentence vector before and after ${cosine.sentence.toFixed(6)}`;
  const against =
    sizes.length === 0
      ? ''
      : `; the ${controls.length} controls change it by ${formatValue(medianOf(sizes))} at the median, ` +
        `${formatValue(Math.max(...sizes))} at most; p = ${p?.toFixed(3) ?? '–'}`;
  const lines = [identityText(answer.identity), `${effect}${against}.`];
  if (answer.next.length > 0) lines.push('', nextTable(answer.next));
  return lines.join('\n');
}

const OUTPUTS: Readonly<Record<AblationAnswer['output'], string>> = {
  next: 'next token',
  mask: 'masked token',
  classes: 'classes',
  hidden: 'hidden states',
};

function nextTable(next: readonly NamedShift[]): string {
  return formatTable(
    [
      { title: 'token', text: ({ token }: NamedShift) => token },
      { title: 'before', align: 'right', text: ({ before }) => formatShare(before) },
      { title: 'after', align: 'right', text: ({ after }) => formatShare(after) },
      { title: 'points', align: 'right', text: ({ before, after }) => (100 * (after - before)).toFixed(2) },
      {
        title: 'Δ log-prob',
        align: 'right',
        text: ({ before, after }) => Math.log(after / before).toFixed(3),
      },
    ],
    next.slice(0, 20),
  );
}

function identityText(identity: number): string {
  return `The unchanged model gives the original output (largest difference ${formatValue(identity)}).`;
}

/** What came of changed neurons over a corpus. */
export function corpusAblationText({ identity, groups, largest, controls }: CorpusAblation): string {
  const table = formatTable(
    [
      { title: 'tokens', text: ({ group }: GroupChange) => groupWords(group, null) },
      { title: 'count', align: 'right', text: ({ tokens }) => formatCount(tokens) },
      { title: 'documents', align: 'right', text: ({ documents }) => formatCount(documents) },
      { title: 'loss before', align: 'right', text: ({ before }) => before.toFixed(4) },
      { title: 'change', align: 'right', text: ({ change }) => formatValue(change) },
      {
        title: '95 % interval',
        align: 'right',
        text: ({ low, high }) => `${formatValue(low)} to ${formatValue(high)}`,
      },
      {
        title: `largest of ${controls.length} controls`,
        align: 'right',
        text: (row) => formatValue(farthestControl(row)),
      },
      { title: 'p', align: 'right', text: ({ p }) => p?.toFixed(3) ?? '–' },
    ],
    groups,
  );
  const tokens = formatTable(
    [
      { title: 'token', text: ({ token }: CorpusAblation['largest'][number]) => token },
      { title: 'before', align: 'right', text: ({ before }) => before.toFixed(3) },
      { title: 'after', align: 'right', text: ({ after }) => after.toFixed(3) },
      { title: 'at', text: ({ file, line, column }) => `${file}:${line}:${column}` },
    ],
    largest,
  );
  return [identityText(identity), LOWER_BOUND, ...['', table, '', 'Changed most:', tokens]].join('\n');
}

/** The first neurons of a layer by how far the output goes without them. */
export function rankedLayerText({ identity, output, ranked }: RankedLayer, limit: number): string {
  const table = formatTable(
    [
      { title: 'neuron', text: ({ neuron }: RankedNeuron) => neuron },
      { title: 'activation', align: 'right', text: ({ activation }) => formatValue(activation) },
      {
        title: output === 'hidden' ? '1 − cosine' : `KL of the ${OUTPUTS[output]}`,
        align: 'right',
        text: ({ change }) => formatValue(change),
      },
    ],
    ranked.slice(0, limit),
  );
  const total = ranked.reduce((sum, { change }) => sum + change, 0);
  const first = ranked.slice(0, limit).reduce((sum, { change }) => sum + change, 0);
  const share =
    total > 0 ? ` These have ${formatShare(first / total)} of the sum over ${ranked.length}.` : '';
  return `${identityText(identity)}\n\n${table}\n\nEach alone.${share}`;
}
