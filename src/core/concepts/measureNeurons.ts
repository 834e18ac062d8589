import type { PlannedWindow } from '../pipeline/windowBatches';
import { ChosenValues } from './chosenValues';
import type { ConceptRequest } from './conceptRequest';
import type { LabelledCorpus } from './labelledCorpus';
import type { ScreenedNeurons } from './screening/screenNeurons';
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
  { candidates: { all, byConcept }, kept }: ScreenedNeurons,
  windows: Readonly<Record<'inA' | 'inB', readonly PlannedWindow[]>>,
  setup: WalkSetup,
): Promise<MeasuredNeurons> {
  const values = new ChosenValues(all, corpus.tokens);
  const wholeLayers = new WholeLayers(model.outputs, corpus, byConcept, product);
  if (all.length === 0) return { values, wholeLayers };
  for await (const { tables } of kept.walkAgain(windows.inA, corpus.inA, setup)) {
    for (const { table, output, tokens } of tables) {
      values.add(table, output, tokens);
      wholeLayers.keep(table, output, tokens);
    }
  }
  await wholeLayers.fit(betweenBatches);
  for await (const { tables } of walkTokens(windows.inB, corpus.tokens, setup)) {
    for (const { table, output, tokens } of tables) {
      values.add(table, output, tokens);
      await wholeLayers.score(table, output, tokens);
    }
  }
  return { values, wholeLayers };
}
