import type { Disposable } from 'vscode';
import type { RankedLayer } from '../../core/cause/rankedLayer';
import { LensError } from '../../core/common/errors';
import { formatCount, formatDuration, formatShare, formatValue } from '../../core/common/numberFormat';
import { likelyMeaning } from '../../core/concepts/neuronMeaning';
import type { Services } from '../lens';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
import { registerFor } from '../showError';
import { whileStoppable } from '../surfaces/messages';
import { pick } from '../surfaces/picks';
import { requireTrust } from '../trustedWorkspace';
import { editorWithSelection } from '../editorWithSelection';

type LayerServices = Services<'log' | 'engine' | 'current' | 'concepts' | 'pages'>;

/** Neurons that are listed. */
const LISTED = 50;
const SEED = 1;

/** A ranking that took its time, and what it is of. */
interface KeptRanking {
  readonly key: string;
  readonly ranked: RankedLayer;
}

/** Which neurons of a layer the model's output rests on, on the text that is selected. */
export function activateLayerCommands(lens: LayerServices): Disposable[] {
  let kept: KeptRanking | null = null;
  return [
    registerFor(lens)('rankLayer', async () => {
      const { document, selection } = editorWithSelection();
      const text = document.getText(selection);
      const { entry } = lens.current;
      if (!entry) throw new LensError('usage', 'There is no profile yet. Profile some text first.');
      requireTrust('ask');
      const layer = await askForLayer(lens, entry, text);
      if (layer === null) return;
      const key = JSON.stringify([entry.folder, text, layer]);
      kept = kept?.key === key ? kept : { key, ranked: await rank(lens, entry, text, layer) };
      const id = await pickRanked(lens, entry, layer, kept.ranked);
      if (id !== null) lens.pages.show({ profile: entry.folder, profileName: entry.name, id });
    }),
  ];
}

/** Lets the reader choose a layer, each with the time that it will take. */
async function askForLayer(
  { engine }: LayerServices,
  entry: ProfileEntry,
  text: string,
): Promise<string | null> {
  const costs = await whileStoppable('Timing the model on the selection', (signal) =>
    engine.calls.layerCosts({ ...modelOf(entry), text }, { signal }),
  );
  const lines = costs.map(({ layer, neurons, seconds }) => ({
    label: layer,
    description: `${formatCount(neurons)} neurons, about ${formatDuration(seconds)}`,
  }));
  const title = 'Of which layer? Each of its neurons is set to 0, one after the other';
  return (await pick(lines, { title }))?.label ?? null;
}

function rank(
  { engine }: LayerServices,
  entry: ProfileEntry,
  text: string,
  layer: string,
): Thenable<RankedLayer> {
  let shown = 0;
  return whileStoppable(`Setting the neurons of ${layer} to 0`, (signal, report) =>
    engine.calls.rankLayer(
      { ...modelOf(entry), text, change: `${layer}=0`, at: 'all', seed: SEED },
      {
        signal,
        onProgress: ({ done, total }) => {
          const percent = (100 * done) / total;
          report({ message: `${formatCount(done)} of ${formatCount(total)}`, increment: percent - shown });
          shown = percent;
        },
      },
    ),
  );
}

/** Lists the first neurons. @returns the one that was picked, or null */
async function pickRanked(
  { concepts }: LayerServices,
  { folder }: ProfileEntry,
  layer: string,
  { ranked, output }: RankedLayer,
): Promise<string | null> {
  const results = await concepts.of(folder);
  const first = ranked.slice(0, LISTED);
  const measure = output === 'hidden' ? '1 − cosine' : 'KL';
  const lines = first.map(({ neuron, activation, change }) => {
    const meaning = likelyMeaning(results, neuron);
    return {
      label: neuron,
      description:
        `${measure} ${formatValue(change)} · activation ${formatValue(activation)}` +
        (meaning === null ? '' : ` · ${meaning}`),
    };
  });
  const sum = (rows: RankedLayer['ranked']): number => rows.reduce((total, { change }) => total + change, 0);
  const total = sum(ranked);
  const share = total > 0 ? `: these have ${formatShare(sum(first) / total)} of the sum over all` : '';
  const title = `Neurons of ${layer} by how far the output goes without each${share}`;
  return (await pick(lines, { title }))?.label ?? null;
}
