import { formatAuroc, formatRatio, formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type { ConceptNeuron } from '../../../src/core/concepts/conceptResults';
import { areaOf, axes } from '../../common/pictures/axes';
import type { Picture, Point, Size } from '../../common/pictures/picture';

const TICKS = [0, 0.25, 0.5, 0.75, 1];
const percent = (share: number): string => `${100 * share} %`;

/** The points of an ROC curve: share of false alarms and of hits. @param roc both by turns. */
export function rocPairs(roc: readonly number[]): Point[] {
  return Array.from({ length: roc.length / 2 }, (_, at) => [roc[2 * at]!, roc[2 * at + 1]!]);
}

/** The ROC curve of half B with the threshold that half A chose. @param alarms share of false alarms there */
export function rocPicture(
  pairs: readonly Point[],
  { auroc, ap, recall, threshold }: ConceptNeuron,
  alarms: number,
  size: Size,
): Picture {
  const area = areaOf(size, [percent(1)], 8);
  const x = (share: number): number => area.left + share * (area.right - area.left - 12);
  const y = (share: number): number => area.bottom - share * (area.bottom - area.top);
  const place = ([alarm, hit]: Point): Point => [x(alarm), y(hit)];
  const at = place([alarms, recall]);
  const [right, low] = [area.right - 16, area.bottom];
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: TICKS.map((share) => ({ at: x(share), text: percent(share) })),
          title: 'false alarms, share of the other tokens',
        },
        {
          ticks: TICKS.map((share) => ({ at: y(share), text: percent(share) })),
          title: 'hits, share of the concept',
        },
      ),
      { kind: 'line', ink: 'dim', points: [place([0, 0]), place([1, 1])], dashed: true, width: 1 },
      { kind: 'line', ink: 'subject', points: pairs.map(place), width: 2 },
      { kind: 'dot', ink: 'against', at, radius: 4 },
      {
        ...{ kind: 'words', ink: 'words', anchor: 'start', text: `threshold ${formatValue(threshold)}` },
        at: [at[0] + 8, Math.min(low - 40, at[1] + 14)],
      },
      {
        ...{ kind: 'words', ink: 'words', anchor: 'end', bold: true },
        ...{ text: `AUROC ${formatAuroc(auroc)}`, at: [right, low - 22] },
      },
      {
        ...{ kind: 'words', ink: 'dim', anchor: 'end' },
        ...{ text: `average precision ${formatRatio(ap)}`, at: [right, low - 7] },
      },
    ],
    stops: pairs.map((pair) => ({
      x: x(pair[0]),
      words: `${formatShare(pair[1])} hits at ${formatShare(pair[0])} false alarms`,
    })),
  };
}
