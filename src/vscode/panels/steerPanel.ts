import type { WebviewPanel } from 'vscode';
import { STRENGTH_QUANTILE } from '../../core/cause/change';
import { toLensError } from '../../core/common/errors';
import { formatSite, parseNeuron } from '../../core/common/neuronAddress';
import { steerPage, type SteerRequests, type SteerSubject, type Strength } from '../../protocol/pages/steer';
import type { Handlers } from '../../protocol/rpc';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
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
    };
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
