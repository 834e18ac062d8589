import { LensError } from '../common/errors';
import { openDocument } from '../pipeline/openDocument';
import { Population } from '../pipeline/population';
import type { PlannedWindow } from '../pipeline/windowBatches';
import { planWindows, type Window } from '../text/windows';
import { isWithin, mostCandidates } from './candidates';
import { tokensWithin } from './chosenValues';
import { reportConcepts, type ConceptFindings } from './conceptReport';
import type { ConceptProgress, ConceptRequest } from './conceptRequest';
import { measureNeurons } from './measureNeurons';
import { documentsOf, readProfiledText } from './conceptTexts';
import { labelCorpus, type MemberText } from './labelledCorpus';
import { screenNeurons } from './screening/screenNeurons';
import { splitIntoHalves, type Halves } from './statistics/halves';
import { windowsWithin, type WalkSetup } from './tokenWalk';

/**
 * Tests concepts against all neurons of a profile: labels every token, chooses neurons on half A by their ranks, and
 * measures the chosen on half B (docs/methods.md, Concepts).
 * @throws LensError for what stops it, the signal's reason when it is aborted
 */
export async function runConcepts(
  request: ConceptRequest,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptFindings> {
  const { stored, model, tokenizer } = request;
  const { plan } = stored.manifest;
  if (plan.dropSinks !== null) {
    throw new LensError(
      'usage',
      'Concepts cannot be tested on a profile that was made with --drop-sinks yet.',
    );
  }
  const layers = model.outputs.map(({ site }) => site.layer);
  if (!layers.some((layer) => isWithin(layer, request.layers))) {
    throw new LensError(
      'usage',
      `The profile has layers ${Math.min(...layers)} to ${Math.max(...layers)}. Choose among these with --layers.`,
    );
  }
  const rows = await documentsOf(stored);
  const families = request.families(rows.map(({ file }) => file));
  const concepts = families.reduce((sum, family) => sum + family.concepts.length, 0);
  const neurons = model.outputs.reduce((sum, { site }) => sum + site.dFf, 0);
  const room = request.room ?? Math.min(neurons, concepts * mostCandidates(request.neurons));
  const halves = splitIntoHalves(
    rows.map(({ tokenCount }) => tokenCount),
    plan.window,
    plan.seed,
    tokensWithin(request.valueBytes, room),
  );
  const windows: PlannedWindow[] = [];
  const corpus = await labelCorpus(
    memberTexts(request, rows, halves, windows, progress, signal),
    halves,
    families,
    request.labellers,
  );
  const setup = (step: ConceptProgress['step'], planned: readonly PlannedWindow[]): WalkSetup => {
    let done = 0;
    const total = planned.reduce((sum, { window }) => sum + window.ownedEnd - window.ownedStart, 0);
    return {
      model,
      frame: tokenizer.frame,
      batchTokens: request.batchTokens,
      numbers: corpus.numbers,
      signal,
      betweenBatches: request.betweenBatches,
      ran: (tokens) => progress({ step, done: (done += tokens), total }),
    };
  };
  const inA = windowsWithin(windows, corpus.inA, corpus.numbers);
  const screened = await screenNeurons(request, corpus, inA, setup('choosing', inA));
  const inB = windowsWithin(windows, corpus.tokens, corpus.numbers, corpus.inA);
  const measuring = setup('measuring', [...inA, ...inB]);
  const measured = await measureNeurons(request, corpus, screened, { inA, inB }, measuring);
  return reportConcepts(
    { ...request, room },
    corpus,
    halves,
    screened.candidates,
    measured,
    progress,
    signal,
  );
}

/** Reads the documents one after the other, null for one that is in neither half, and plans their windows on the way. */
async function* memberTexts(
  { stored, model, tokenizer }: ConceptRequest,
  rows: Awaited<ReturnType<typeof documentsOf>>,
  { excerpts }: Halves,
  windows: PlannedWindow[],
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): AsyncGenerator<MemberText | null> {
  const { plan } = stored.manifest;
  const { before, after } = tokenizer.frame;
  const windowPlan = { ...plan, length: plan.window - before.length - after.length };
  const population = new Population(plan, model.causal, tokenizer.frame);
  const inHalves = new Set(excerpts.map(({ document }) => document));
  const total = rows.reduce((sum, { tokenCount }, i) => sum + (inHalves.has(i) ? tokenCount : 0), 0);
  let done = 0;
  for (const [number, row] of rows.entries()) {
    signal.throwIfAborted();
    if (!inHalves.has(number)) {
      yield null;
      continue;
    }
    const { text, tokens, lines } = await readProfiledText(stored, row, tokenizer);
    const planned = planWindows(tokens.ids.length, windowPlan);
    const members = new Uint8Array(tokens.ids.length);
    const windowPositions = new Uint32Array(tokens.ids.length);
    const excluded = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
    const document = openDocument(row.key, number, tokens, planned, true, plan.seed);
    for (const window of planned) {
      members.set(population.membersOf(tokens, window, excluded), window.ownedStart);
      fillPositions(windowPositions, window);
      windows.push({ document, window });
    }
    const { file, record, offsetBase } = row;
    yield { file, record, text, offsetBase, tokens, lines, members, windowPositions };
    progress({ step: 'labels', done: (done += row.tokenCount), total });
  }
}

function fillPositions(positions: Uint32Array, { start, ownedStart, ownedEnd }: Window): void {
  for (let token = ownedStart; token < ownedEnd; token++) positions[token] = token - start;
}
