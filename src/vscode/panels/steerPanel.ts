import type { WebviewPanel } from 'vscode';
import { STRENGTH_QUANTILE } from '../../core/cause/change';
import { LensError, toLensError } from '../../core/common/errors';
import { formatSite, parseNeuron } from '../../core/common/neuronAddress';
import {
  steerPage,
  type CorpusBackground,
  type SteerRequests,
  type SteerSubject,
  type Strength,
} from '../../protocol/pages/steer';
import type { Handlers } from '../../protocol/rpc';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
import { profiledFilesHere } from '../profiles/profiledFiles';
import type { ModelChoice } from '../models/modelChoice';
import type { PanelServices } from './commonAnswers';
import { PagePanel } from './pagePanel';

/** What a page is opened for. */
export interface Steered {
  /** The profile whose model is run, with the means and quantiles of its neurons; null for a model alone. */
  readonly entry: ProfileEntry | null;
  /** What is run where there is no profile. */
  readonly model: ModelChoice;
  /** null to keep what the page has. */
  readonly prompt: string | null;
  readonly neurons: readonly string[];
  /** Tells one opening from another; what is restored after a reload keeps its own. */
  readonly asked: number;
}

/** One page "Ablate and steer": the engine runs what it asks. */
export class SteerPanel {
  private readonly page: PagePanel<SteerRequests>;

  constructor(
    private readonly services: PanelServices,
    readonly panel: WebviewPanel,
    private steered: Steered,
  ) {
    this.page = new PagePanel(services, panel, steerPage, () => this.profile(), this.answers());
  }

  /** Every opening says something else. */
  shows(): boolean {
    return false;
  }

  show(steered: Steered): void {
    this.steered = steered;
    this.page.show(this.panel.title);
  }

  private answers(): Handlers<SteerRequests> {
    const { engine } = this.services;
    return {
      steer: () => this.subject(),
      tokens: ({ text }, { signal }) => engine.calls.promptTokens({ ...this.model(), text }, { signal }),
      strengths: async ({ neurons }) => Promise.all(neurons.map((id) => this.strength(id))),
      ablate: (question, { signal, progress }) =>
        engine.calls.ablate({ ...this.model(), ...question }, { signal, onProgress: progress }),
      corpus: ({ neurons }) => this.corpus(neurons),
      ablateCorpus: async (question, { signal, progress }) => {
        const entry = this.requireProfile();
        const { root, inputs, missing } = await profiledFilesHere(
          this.services.context.workspaceState,
          entry,
        );
        signal.throwIfAborted();
        const answer = await engine.calls.ablateCorpus(
          { ...this.model(), ...question, root, inputs: [...inputs], exclude: [], profile: entry.folder },
          { signal, onProgress: progress },
        );
        return missing === null ? answer : { ...answer, notices: [missing, ...answer.notices] };
      },
    };
  }

  private async corpus(neurons: readonly string[]): Promise<CorpusBackground> {
    const { folder, manifest } = this.requireProfile();
    const results = await this.services.concepts.of(folder);
    const tested = results?.concepts.filter(({ refused }) => refused === null).map(({ name }) => name) ?? [];
    const names = new Set(neurons.map((id) => results?.names[id]?.concept));
    const own = tested.filter((name) => names.has(name));
    const { files, tokens } = manifest.corpus;
    return {
      ...{ files, tokens, tokensPerSecond: manifest.tokensPerSecond },
      concepts: [...own, ...tested.filter((name) => !names.has(name))],
      own: own.length,
    };
  }

  /** @throws LensError `usage` where the page has none */
  private requireProfile(): ProfileEntry {
    const { entry } = this.steered;
    if (entry) return entry;
    throw new LensError('usage', 'This page has no profile, whose corpus could be run. Open one first.');
  }

  private async subject(): Promise<SteerSubject> {
    const { entry, asked, prompt, neurons } = this.steered;
    const tables = entry && (await this.services.current.reader(entry.folder)).tables;
    const layers = new Map(tables?.map(({ site }) => [formatSite(site), site.dFf]));
    return {
      ...{ asked, prompt, neurons: [...neurons], model: this.model() },
      profile: entry && { id: entry.folder, name: entry.name },
      layers: tables && [...layers].map(([site, count]) => ({ site, neurons: count })),
    };
  }

  private model(): ModelChoice {
    const { entry, model } = this.steered;
    return entry ? modelOf(entry) : model;
  }

  private profile(): { profile: string; profileName: string } {
    const { entry } = this.steered;
    return { profile: entry?.folder ?? '', profileName: entry?.name ?? '' };
  }

  private async strength(id: string): Promise<Strength> {
    const { entry } = this.steered;
    const address = parseNeuron(id);
    if (!entry || !address) return null;
    const reader = await this.services.current.reader(entry.folder);
    try {
      const neuron = await reader.neuron(address);
      return { mean: neuron.facts.stats.mean, quantile: neuron.quantile(STRENGTH_QUANTILE) };
    } catch (thrown) {
      if (toLensError(thrown).code === 'not-found') return null;
      throw thrown;
    }
  }
}
