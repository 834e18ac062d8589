import type { PlannedWindow } from '../pipeline/windowBatches';
import type { Candidates } from './candidates';
import { ChosenValues } from './chosenValues';
import type { ConceptRequest } from './conceptRequest';
import type { LabelledCorpus } from './labelledCorpus';
import { walkTokens, type WalkSetup } from './tokenWalk';
import { WholeLayers } from './wholeLayers';

/** What the second run of the model gives. */
export interface MeasuredNeurons {
  /** Of the chosen neurons, at every token of both halves: kept in memory. */
  readonly values: ChosenValues;
  readonly wholeLayers: WholeLayers;
}

/**
 * Runs the model once more, half A before half B, for the chosen neurons' values and for what their whole layers tell.
 * @param windows of each half: none of them owns tokens of both, as stretches lie a window apart.
 */
export async function measureNeurons(
  { model, product, betweenBatches }: Pick<ConceptRequest, 'model' | 'product' | 'betweenBatches'>,
  corpus: LabelledCorpus,
  { all, byConcept }: Candidates,
  windows: Readonly<Record<'inA' | 'inB', readonly PlannedWindow[]>>,
  setup: WalkSetup,
): Promise<MeasuredNeurons> {
  const values = new ChosenValues(all, corpus.tokens);
  const wholeLayers = new WholeLayers(model.outputs, corpus, byConcept, product);
  if (all.length === 0) return { values, wholeLayers };
  await walkTokens(windows.inA, corpus.inA, setup, (table, output, { rows, numbers }) => {
    values.add(table, output.values, output.site.dFf, rows, numbers);
    wholeLayers.keep(table, output, { rows, numbers });
  });
  await wholeLayers.fit(betweenBatches);
  await walkTokens(windows.inB, corpus.tokens, setup, async (table, output, { rows, numbers }) => {
    values.add(table, output.values, output.site.dFf, rows, numbers);
    await wholeLayers.score(table, output, { rows, numbers });
  });
  return { values, wholeLayers };
}
