import { ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';
import { safeParse } from 'valibot';
import { colourRange } from '../../core/common/colourScale';
import { toLensError } from '../../core/common/errors';
import { parseNeuron } from '../../core/common/neuronAddress';
import { fewWords } from '../../core/concepts/neuronMeaning';
import { promptPage, type PromptRequests } from '../../protocol/pages/prompt';
import type { Handlers } from '../../protocol/rpc';
import type { ModelChoice } from '../models/modelChoice';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
import type { PanelServices } from './commonAnswers';
import { PagePanel, panelOptions, panelType } from './pagePanel';

/** What a page of prompts begins with. */
export interface Prompted {
  /** The profile whose model is run, and that scales and meanings are of; null for a model alone. */
  readonly entry: ProfileEntry | null;
  /** What is run where there is no profile. */
  readonly model: ModelChoice;
  readonly prompts: readonly string[];
  readonly neurons: readonly string[];
}

/** Neurons that what wrote a token is told of, and controls of a patch. */
const [LISTED, CONTROLS] = [50, 20];
/** Of all that is drawn: the same page tells the same. */
const SEED = 1;

/** Opens a page of its own, as another may hold prompts that were edited. */
export function openPrompts(services: PanelServices, prompted: Prompted, column?: ViewColumn): void {
  const beside = column ?? (window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active);
  const options = panelOptions(services.context);
  const panel = window.createWebviewPanel(panelType(promptPage), 'Prompts', beside, options);
  new PagePanel(services, panel, promptPage, () => profileOf(prompted), answers(services, prompted));
}

/** Lets pages come back with what they showed when the window is loaded anew. */
export function restorePrompts(services: PanelServices): Disposable {
  return window.registerWebviewPanelSerializer(panelType(promptPage), {
    deserializeWebviewPanel: async (panel: WebviewPanel, kept: unknown) => {
      const parsed = safeParse(promptPage.state, kept);
      if (!parsed.success) {
        panel.dispose();
        return;
      }
      const { profile, model, dtype, prompts, neurons } = parsed.output;
      const entry = profile === null ? null : await services.library.find(profile);
      const prompted = {
        entry: entry && 'manifest' in entry ? entry : null,
        model: { model, ...(dtype !== null && { dtype }) },
        ...{ prompts, neurons },
      };
      new PagePanel(services, panel, promptPage, () => profileOf(prompted), answers(services, prompted));
    },
  });
}

function answers(services: PanelServices, prompted: Prompted): Handlers<PromptRequests> {
  const { engine } = services;
  const { entry, prompts, neurons } = prompted;
  const choice = entry ? modelOf(entry) : prompted.model;
  const timed = async <Answer>(work: Promise<Answer>) => {
    const started = performance.now();
    const answer = await work;
    return { answer, seconds: (performance.now() - started) / 1000 };
  };
  return {
    prompts: () =>
      Promise.resolve({
        profile: entry && { id: entry.folder, name: entry.name },
        model: { id: choice.model, dtype: choice.dtype ?? null },
        ...{ prompts: [...prompts], neurons: [...neurons] },
      }),
    compare: async (asked, { signal }) => {
      const question = { ...choice, ...asked, controls: CONTROLS, seed: SEED };
      const compared = await timed(engine.calls.comparePrompts(question, { signal }));
      return {
        ...compared,
        ranges: await Promise.all(asked.neurons.map((neuron) => rangeOf(services, entry, neuron))),
        meanings: await meaningsOf(services, entry, asked.neurons),
      };
    },
    mostDifferent: (asked, { signal }) =>
      engine.calls.mostDifferent({ ...choice, ...asked, profile: entry?.folder ?? null }, { signal }),
    attribute: async (asked, { signal }) => {
      const question = { ...choice, ...asked, neurons: LISTED, seed: SEED };
      const attributed = await timed(engine.calls.attribute(question, { signal }));
      const ids = attributed.answer.neurons.map(({ id }) => id);
      return { ...attributed, meanings: await meaningsOf(services, entry, ids) };
    },
  };
}

function profileOf({ entry }: Prompted): { profile: string; profileName: string } {
  return { profile: entry?.folder ?? '', profileName: entry?.name ?? '' };
}

/** R of a neuron in the profile; null without one, or where it lacks the neuron's activation. */
async function rangeOf(
  { current }: PanelServices,
  entry: ProfileEntry | null,
  neuron: string,
): Promise<number | null> {
  const address = parseNeuron(neuron);
  if (!entry || !address) return null;
  try {
    const reader = await current.reader(entry.folder);
    const { facts } = await reader.neuron(address, { quantity: 'act' });
    return colourRange(facts.stats.min, facts.stats.max);
  } catch (thrown) {
    if (toLensError(thrown).code === 'not-found') return null;
    throw thrown;
  }
}

async function meaningsOf(
  { concepts, tokens }: PanelServices,
  entry: ProfileEntry | null,
  neurons: readonly string[],
): Promise<Record<string, string> | null> {
  if (!entry) return null;
  const [results, found] = await Promise.all([concepts.of(entry.folder), tokens.of(entry.folder, neurons)]);
  if (!results && found.size === 0) return null;
  return Object.fromEntries(neurons.map((id) => [id, fewWords(results, id, found.get(id) ?? []) ?? '']));
}
