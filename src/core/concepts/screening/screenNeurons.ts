import { randomOf } from '../../common/random';
import { sameSite } from '../../common/neuronAddress';
import type { ActivationModel } from '../../onnx/activationModel';
import type { PlannedWindow } from '../../pipeline/windowBatches';
import type { StoredProfile } from '../../profile/storedProfile';
import { mergeDistributions } from '../../stats/mergeSummaries';
import type { Distributions } from '../../stats/siteSummary';
import { chooseCandidates, isWithin, type Candidates } from '../candidates';
import type { ConceptRequest } from '../conceptRequest';
import { KeptTokens } from '../keptTokens';
import { refusalOf, type LabelledCorpus } from '../labelledCorpus';
import { controlTypes } from '../statistics/controlLabels';
import { RolledLabels } from '../statistics/rolledLabels';
import { walkTokens, type WalkSetup } from '../tokenWalk';
import { KeyedBins } from './keyedBins';
import { LabelBits, LabelMatrix } from './labelMatrix';
import { RankTables } from './rankTables';
import { SiteScreen, tokensGathered } from './screen';

/** Rolled labels of a concept, of which the largest AUROC over all neurons is what chance gives. */
const CHANCE_DRAWS = 20;

/** Bytes of the screening's sums and of the activations that are kept for the second walk over half A. */
const MOST_BYTES = 128 * 2 ** 20;

/** What half A says of all neurons. */
export interface ScreenedNeurons {
  readonly candidates: Candidates;
  /** Of half A. */
  readonly kept: KeptTokens;
}

/** All neurons on half A, for each concept its labels, its control's and rolled ones. */
export async function screenNeurons(
  request: ConceptRequest,
  corpus: LabelledCorpus,
  windows: readonly PlannedWindow[],
  setup: WalkSetup,
): Promise<ScreenedNeurons> {
  const { inA } = corpus;
  const tested = corpus.concepts.flatMap(({ name }, concept) =>
    (request.only?.has(name) ?? true) && refusalOf(corpus, concept) === null ? [concept] : [],
  );
  const types = typeCounts(corpus);
  const { seed } = request.stored.manifest.plan;
  const controls = tested.map((concept) => controlLabels(corpus, types, concept, seed));
  const labels = [
    ...tested.map((concept) => LabelBits.of(corpus.labels[concept]!.subarray(0, inA))),
    ...controls.map((control) => LabelBits.of(control.subarray(0, inA))),
    ...tested.flatMap((concept) => rolledLabels(corpus, concept)),
  ];
  const matrix = new LabelMatrix({ labels, counted: tested.length });
  const screens = await openScreens(request, matrix);
  const summed = screens.reduce((bytes, screen) => bytes + (screen?.bytes ?? 0), 0);
  const kept = new KeptTokens(MOST_BYTES - summed, (table) => screens[table] !== null);
  if (tested.length > 0) {
    for await (const walked of walkTokens(windows, inA, setup)) {
      kept.keep(walked);
      for (const { table, output, tokens } of walked.tables)
        await screens[table]?.add(output.values, tokens.rows, tokens.numbers);
    }
    for (const screen of screens) await screen?.finish();
  }
  return { candidates: chooseCandidates(tested, controls, screens, CHANCE_DRAWS, request.neurons), kept };
}

/** Tokens of each type. */
function typeCounts({ ids }: LabelledCorpus): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** [n] the control labelling of a concept, for both halves. */
function controlLabels(
  { ids, labels, concepts, inA }: LabelledCorpus,
  counts: ReadonlyMap<number, number>,
  concept: number,
  seed: number,
): Uint8Array {
  const positives = labels[concept]!.reduce((sum, label) => sum + label, 0);
  const random = randomOf(`control ${seed} ${concepts[concept]!.name}`);
  const types = controlTypes(
    counts,
    positives,
    random,
    (type) => ids.indexOf(type) < inA && ids.lastIndexOf(type) >= inA,
  );
  const control = new Uint8Array(ids.length);
  for (let token = 0; token < ids.length; token++) control[token] = types.has(ids[token]!) ? 1 : 0;
  return control;
}

/** [draws] the labels of half A as chance might lay them. */
function rolledLabels({ labels, spans, inA }: LabelledCorpus, concept: number): LabelBits[] {
  const rolled = new RolledLabels(labels[concept]!.subarray(0, inA), spans.a);
  const random = randomOf(`rolled ${concept}`);
  return Array.from({ length: CHANCE_DRAWS }, () => new LabelBits(inA, rolled.draw(random)));
}

/** By table; null where the layer is not asked for. One after the other: distributions are large, and ranks are made of them. */
async function openScreens(request: ConceptRequest, labels: LabelMatrix): Promise<(SiteScreen | null)[]> {
  const { model, stored, layers, byteProduct } = request;
  const isAsked = model.outputs.map(({ site }) => isWithin(site.layer, layers));
  const neurons = model.outputs.reduce((sum, { site }, table) => sum + (isAsked[table] ? site.dFf : 0), 0);
  const capacity = tokensGathered(neurons);
  const screens: (SiteScreen | null)[] = [];
  let bins: KeyedBins | null = null;
  for (const [table, output] of model.outputs.entries()) {
    if (isAsked[table]) {
      const distributions = await distributionsOf(stored, output);
      bins ??= new KeyedBins(distributions.binning);
      const tables = new RankTables(distributions, bins);
      screens.push(new SiteScreen(distributions.neurons, tables, labels, byteProduct, capacity));
    } else {
      screens.push(null);
    }
  }
  return screens;
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
