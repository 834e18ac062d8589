import { LensError } from '../common/errors';
import { randomOf } from '../common/random';
import { sameSite } from '../common/neuronAddress';
import type { ActivationModel } from '../onnx/activationModel';
import { openDocument } from '../pipeline/openDocument';
import { Population } from '../pipeline/population';
import type { PlannedWindow } from '../pipeline/windowBatches';
import type { StoredProfile } from '../profile/storedProfile';
import { mergeDistributions } from '../stats/mergeSummaries';
import type { Distributions } from '../stats/siteSummary';
import { planWindows, type Window } from '../text/windows';
import { chooseCandidates, isWithin, type Candidates } from './candidates';
import { ChosenValues } from './chosenValues';
import { reportConcepts, type ConceptFindings } from './conceptReport';
import type { ConceptProgress, ConceptRequest } from './conceptRequest';
import { documentsOf, readProfiledText } from './conceptTexts';
import { labelCorpus, refusalOf, type LabelledCorpus, type MemberText } from './labelledCorpus';
import { RankTables } from './screening/rankTables';
import { LabelMatrix, SiteScreen } from './screening/screen';
import { controlTypes } from './statistics/controlLabels';
import { splitIntoHalves } from './statistics/halves';
import { RolledLabels } from './statistics/rolledLabels';
import { walkTokens, windowsWithin, type WalkSetup } from './tokenWalk';

/** Rolled labels of a concept, of which the largest AUROC over all neurons is what chance gives. */
const CHANCE_DRAWS = 20;

/**
 * Tests concepts against all neurons of a profile: labels every token, chooses neurons on half A by their ranks, and
 * measures the chosen on half B (docs/methods.md, Concepts). The chosen ones' values of both halves are kept in memory.
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
  const rows = await documentsOf(stored);
  const halves = splitIntoHalves(
    rows.map(({ tokenCount }) => tokenCount),
    plan.window,
    plan.seed,
  );
  const windows: PlannedWindow[] = [];
  const corpus = await labelCorpus(
    memberTexts(request, rows, windows, progress, signal),
    halves,
    request.families(rows.map(({ file }) => file)),
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
  const candidates = await screen(request, corpus, inA, setup('choosing', inA));
  const measured = windowsWithin(windows, corpus.tokens, corpus.numbers);
  const values = new ChosenValues(candidates.all, corpus.tokens);
  if (candidates.all.length > 0) {
    await walkTokens(
      measured,
      corpus.tokens,
      setup('measuring', measured),
      (table, output, { rows: at, numbers }) =>
        values.add(table, output.values, output.site.dFf, at, numbers),
    );
  }
  return reportConcepts(request, corpus, halves, candidates, values, progress, signal);
}

/** Reads the documents one after the other, and plans their windows on the way. */
async function* memberTexts(
  { stored, model, tokenizer }: ConceptRequest,
  rows: Awaited<ReturnType<typeof documentsOf>>,
  windows: PlannedWindow[],
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): AsyncGenerator<MemberText> {
  const { plan } = stored.manifest;
  const { before, after } = tokenizer.frame;
  const windowPlan = { ...plan, length: plan.window - before.length - after.length };
  const population = new Population(plan, model.causal, tokenizer.frame);
  const total = rows.reduce((sum, { tokenCount }) => sum + tokenCount, 0);
  let done = 0;
  for (const [number, row] of rows.entries()) {
    signal.throwIfAborted();
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

/** All neurons on half A, for each concept its labels, its control's and rolled ones. */
async function screen(
  request: ConceptRequest,
  corpus: LabelledCorpus,
  windows: readonly PlannedWindow[],
  setup: WalkSetup,
): Promise<Candidates> {
  const { inA } = corpus;
  const tested = corpus.concepts.flatMap((_, concept) =>
    refusalOf(corpus, concept) === null ? [concept] : [],
  );
  const types = typeCounts(corpus);
  const { seed } = request.stored.manifest.plan;
  const controls = tested.map((concept) => controlLabels(corpus, types, concept, seed));
  const labels = [
    ...tested.map((concept) => corpus.labels[concept]!),
    ...controls,
    ...tested.flatMap((concept) => rolledLabels(corpus, concept)),
  ];
  const distributions = await Promise.all(
    request.model.outputs.map((output) => distributionsOf(request.stored, output)),
  );
  const tables = distributions.map((distribution) => new RankTables(distribution));
  const matrix = new LabelMatrix({ labels, counted: tested.length });
  const isAsked = request.model.outputs.map(({ site }) => isWithin(site.layer, request.layers));
  const screens = distributions.map(
    ({ neurons }, table) => new SiteScreen(isAsked[table] ? neurons : 0, matrix, request.product),
  );
  if (tested.length > 0) {
    await walkTokens(windows, inA, setup, async (table, output, { rows, numbers }) => {
      if (!isAsked[table]) return;
      const ranks = new Float32Array(rows.length * output.site.dFf);
      tables[table]!.fill(output.values, rows, ranks);
      await screens[table]!.add(ranks, numbers);
    });
  }
  return chooseCandidates(tested, controls, screens, CHANCE_DRAWS, request.neurons);
}

/** Tokens of each type. */
function typeCounts({ ids }: LabelledCorpus): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** [n] the control labelling of a concept, for both halves. */
function controlLabels(
  { ids, labels, concepts }: LabelledCorpus,
  counts: ReadonlyMap<number, number>,
  concept: number,
  seed: number,
): Uint8Array {
  const positives = labels[concept]!.reduce((sum, label) => sum + label, 0);
  const types = controlTypes(counts, positives, randomOf(`control ${seed} ${concepts[concept]!.name}`));
  return Uint8Array.from(ids, (id) => (types.has(id) ? 1 : 0));
}

/** [draws][tokens of A] the labels as chance might lay them. */
function rolledLabels({ labels, spans, inA }: LabelledCorpus, concept: number): Uint8Array[] {
  const rolled = new RolledLabels(labels[concept]!.subarray(0, inA), spans.a);
  const random = randomOf(`rolled ${concept}`);
  return Array.from({ length: CHANCE_DRAWS }, () => {
    const drawn = new Uint8Array(inA);
    for (const position of rolled.draw(random)) drawn[position] = 1;
    return drawn;
  });
}

async function distributionsOf(
  stored: StoredProfile,
  { site, quantity }: ActivationModel['outputs'][number],
): Promise<Distributions> {
  const table = stored.tables.findIndex((other) => sameSite(other.site, site) && other.quantity === quantity);
  const segments = await stored.segments();
  const parts = await Promise.all(segments.map((segment) => segment.distributions(table)));
  return parts.length === 1 ? parts[0]! : mergeDistributions(parts);
}
