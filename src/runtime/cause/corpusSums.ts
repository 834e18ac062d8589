import { controlledP } from '../../core/cause/controls';
import { logSumOfExponentials } from '../../core/cause/distribution';
import type { ChangedToken, GroupChange } from '../../core/cause/corpusAnswer';
import { LossChanges } from '../../core/cause/lossChanges';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import type { CorpusWindow } from './corpusWindows';
import type { WholeModel } from './wholeModel';

/** Which groups of tokens are told apart. */
export interface AskedGroups {
  readonly topBand: boolean;
  readonly concept: boolean;
}

const LARGEST = 20;

/** The losses of a corpus, added up window by window. */
export class CorpusSums {
  largest: ChangedToken[] = [];
  private readonly sums: Readonly<Record<GroupChange['group'], LossChanges>>;

  /** @param changes the one that is looked at, and the controls */
  constructor(
    private readonly changes: number,
    private readonly asked: AskedGroups,
  ) {
    const none = (): LossChanges => new LossChanges(changes);
    this.sums = { all: none(), topBand: none(), rest: none(), concept: none(), withoutConcept: none() };
  }

  /**
   * @param outputs of the unchanged row, and of each change
   * @param band [tokens] whether a changed neuron is in its top band
   */
  add(
    { document, prompt: { tokens }, carriers }: CorpusWindow,
    outputs: readonly RowOutput[],
    band: readonly boolean[],
    whole: WholeModel,
  ): void {
    const after = new Float64Array(this.changes);
    tokens.forEach(({ id, start, special }, token) => {
      if (token === 0 || special) return;
      const [before, ...changed] = outputs.map((output) => lossAt(output, token, id));
      after.set(changed);
      const groups = [
        'all',
        band[token - 1] ? 'topBand' : 'rest',
        carriers?.[token] === 1 ? 'concept' : 'withoutConcept',
      ] as const;
      for (const group of groups) this.sums[group].add(document.key, before!, after);
      const smallest = this.largest.at(-1);
      const size = Math.abs(changed[0]! - before!);
      if (this.largest.length === LARGEST && smallest && size <= Math.abs(smallest.after - smallest.before))
        return;
      const { line, column } = document.locate(start);
      const row = {
        file: document.file,
        line,
        column,
        token: whole.textOf([id]),
        before: before!,
        after: changed[0]!,
      };
      this.largest = [...this.largest, row]
        .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
        .slice(0, LARGEST);
    });
  }

  groups(seed: number): GroupChange[] {
    const named: GroupChange['group'][] = [
      'all',
      ...(this.asked.topBand ? (['topBand', 'rest'] as const) : []),
      ...(this.asked.concept ? (['concept', 'withoutConcept'] as const) : []),
    ];
    return named.flatMap((group) => {
      const summary = this.sums[group].summary(seed);
      if (!summary) return [];
      const p = controlledP(Math.abs(summary.change), summary.controls.map(Math.abs));
      return [{ group, ...summary, p }];
    });
  }
}

function lossAt({ values, width }: RowOutput, token: number, id: number): number {
  const logits = values.subarray((token - 1) * width, token * width);
  return logSumOfExponentials(logits) - logits[id]!;
}
