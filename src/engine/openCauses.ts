import {
  parseLayerSetting,
  parseNeuronSetting,
  parsePositions,
  type NeuronSetting,
} from '../core/cause/change';
import type { AblationAnswer } from '../core/cause/ablationAnswer';
import type { AttributionAnswer } from '../core/cause/attributionAnswer';
import type { CorpusAblation } from '../core/cause/corpusAnswer';
import type { LayerCost, RankedLayer } from '../core/cause/rankedLayer';
import type { EffectAnswer } from '../core/cause/effectAnswer';
import type { MostDifferent, PromptsAnswer } from '../core/cause/promptsAnswer';
import { LensError } from '../core/common/errors';
import { formatSite, parseNeuron, type Part } from '../core/common/neuronAddress';
import type {
  AblationRequest,
  AttributionRequest,
  DifferenceRequest,
  EffectRequest,
  PromptsRequest,
} from '../protocol/engine';
import type { AblationProgress } from '../protocol/ablationQuestionSchema';
import type {
  CorpusAblationRequest,
  LayerCostsRequest,
  LayerRequest,
  AblationRunProgress,
} from '../protocol/ablationRuns';
import type { CallContext } from '../protocol/rpc';
import type { HeadModel } from '../runtime/cause/headModel';
import type { Cause } from '../runtime/cause/openCause';
import { KeptOpen } from './keptOpen';

/** Answers what the model's output makes of neurons, and keeps the models open that are asked about. */
export class OpenCauses {
  private readonly causes = new KeptOpen<Cause>();
  private readonly heads = new KeptOpen<HeadModel>();

  /**
   * @param embeddedModel folder of the model that `default` stands for
   * @param languageProgram path of the bundled languageWorker.ts
   * @param betweenBatches awaited by long runs
   */
  constructor(
    private readonly embeddedModel: string,
    private readonly languageProgram: string,
    private readonly betweenBatches: () => Promise<void>,
  ) {}

  /** @throws LensError as `openCause` and `ablateText` do, `usage` for changes that cannot be read */
  async ablate(
    request: AblationRequest,
    { signal, progress }: CallContext<AblationProgress>,
  ): Promise<AblationAnswer> {
    const settings = request.changes.map((text) => parseNeuronSetting(text) ?? unreadable(text));
    const positions = parsePositions(request.at) ?? unreadable(request.at);
    const { ablateText } = await import('../runtime/cause/ablation');
    const { text, decoderText, controls, seed, generation } = request;
    const question = {
      ...{ text, settings, positions, controls, seed, generation },
      ...(decoderText !== undefined && { decoderText }),
    };
    return this.withLayersOf(settings, request, (cause) =>
      ablateText(cause, question, signal, {
        measured: (answer) => progress({ kind: 'measured', answer }),
        written: (side, continued) => progress({ kind: 'written', side, text: continued }),
      }),
    );
  }

  /** @throws LensError as `openCause`, `openCorpus` and `ablateCorpus` do, `usage` for changes that cannot be read */
  async ablateCorpus(
    request: CorpusAblationRequest,
    { signal, progress }: CallContext<AblationRunProgress>,
  ): Promise<CorpusAblation> {
    const settings = request.changes.map((text) => parseNeuronSetting(text) ?? unreadable(text));
    const { ablateCorpus } = await import('../runtime/cause/corpusAblation');
    const { openCorpus } = await import('../runtime/files/openCorpus');
    const { root, inputs, exclude, controls, seed, limitTokens, profile, concept: name } = request;
    const { languageProgram, betweenBatches } = this;
    const corpus = await openCorpus({ root, inputs, exclude, ignoreFiles: true });
    const concept = name !== null && profile !== null ? { name, folder: profile, languageProgram } : null;
    const question = { corpus, settings, controls, seed, limitTokens, profile, concept };
    return this.withLayersOf(settings, request, (cause) =>
      ablateCorpus(cause, question, signal, {
        betweenBatches,
        progress: (done, total) => progress({ done, total }),
      }),
    );
  }

  /** @throws LensError as `openCause` and `layerCosts` do */
  async layerCosts(request: LayerCostsRequest): Promise<LayerCost[]> {
    const { layerCosts } = await import('../runtime/cause/layerInTurn');
    return this.withAllLayers(request, (cause) => layerCosts(cause, request.text));
  }

  /** @throws LensError as `openCause` and `rankLayer` do, `usage` for a change that cannot be read */
  async rankLayer(
    request: LayerRequest,
    { signal, progress }: CallContext<AblationRunProgress>,
  ): Promise<RankedLayer> {
    const layer = parseLayerSetting(request.change) ?? unreadable(request.change);
    const positions = parsePositions(request.at) ?? unreadable(request.at);
    const { rankLayer } = await import('../runtime/cause/layerInTurn');
    const { text, seed } = request;
    const question = { text, layer: layer.address, setting: layer.setting, positions, seed };
    return this.withLayersOf([layer], request, (cause) =>
      rankLayer(cause, question, signal, {
        betweenBatches: this.betweenBatches,
        progress: (done, total) => progress({ done, total }),
      }),
    );
  }

  /** @throws LensError as `HeadModel.open` and `effectOf` do, `usage` for a neuron that cannot be read */
  async effect(request: EffectRequest, { signal }: CallContext<never>): Promise<EffectAnswer> {
    const address = parseNeuron(request.neuron) ?? noNeuron(request.neuron);
    const { effectOf } = await import('../runtime/cause/effect');
    const { text, profile, tokens, calibrate } = request;
    return this.withHead(request, address.part, (model) =>
      effectOf(model, { address, text, profile, tokens, calibrate }, signal),
    );
  }

  /** @throws LensError as `HeadModel.open` and `attributeToken` do */
  async attribute(request: AttributionRequest, { signal }: CallContext<never>): Promise<AttributionAnswer> {
    const { attributeToken } = await import('../runtime/cause/attribution');
    return this.withHead(request, null, (model) => attributeToken(model, request, signal));
  }

  /** @throws LensError as `openCause` and `comparePrompts` do, `usage` for a neuron that cannot be read */
  async comparePrompts(request: PromptsRequest, { signal }: CallContext<never>): Promise<PromptsAnswer> {
    const neurons = request.neurons.map((name) => parseNeuron(name) ?? noNeuron(name));
    const { comparePrompts } = await import('../runtime/cause/prompts');
    return this.withAllLayers(request, (cause) => comparePrompts(cause, { ...request, neurons }, signal));
  }

  /** @throws LensError as `openCause` and `mostDifferent` do */
  async mostDifferent(request: DifferenceRequest, { signal }: CallContext<never>): Promise<MostDifferent> {
    const { mostDifferent } = await import('../runtime/cause/mostDifferent');
    return this.withAllLayers(request, (cause) => mostDifferent(cause, request, signal));
  }

  private async withLayersOf<Answer>(
    settings: readonly NeuronSetting[],
    request: Pick<AblationRequest, 'model' | 'dtype' | 'quantity' | 'decoderText'> & {
      readonly text?: string;
    },
    work: (cause: Cause) => Promise<Answer>,
  ): Promise<Answer> {
    const { model, dtype, quantity, text, decoderText } = request;
    const { openCause } = await import('../runtime/cause/openCause');
    const addresses = settings.map(({ address }) => address);
    const sites = [...new Set(addresses.map(formatSite))].sort();
    const { embeddedModel } = this;
    return this.causes.use(
      JSON.stringify([model, dtype, quantity ?? 'act', sites]),
      () => openCause({ model, dtype, quantity, addresses, text, decoderText, embeddedModel }),
      work,
    );
  }

  private async withAllLayers<Answer>(
    { model, dtype }: Pick<PromptsRequest, 'model' | 'dtype'>,
    work: (cause: Cause) => Promise<Answer>,
  ): Promise<Answer> {
    const { openCause } = await import('../runtime/cause/openCause');
    const request = { model, dtype, addresses: 'all' as const, embeddedModel: this.embeddedModel };
    return this.causes.use(JSON.stringify([model, dtype, 'all']), () => openCause(request), work);
  }

  private async withHead<Answer>(
    { model, dtype }: Pick<EffectRequest, 'model' | 'dtype'>,
    part: Part | null,
    work: (model: HeadModel) => Promise<Answer>,
  ): Promise<Answer> {
    const { HeadModel } = await import('../runtime/cause/headModel');
    const request = { model, dtype, embeddedModel: this.embeddedModel };
    const key = JSON.stringify([model, dtype, part]);
    return this.heads.use(key, () => HeadModel.open(request, part), work);
  }
}

function noNeuron(text: string): never {
  throw new LensError('usage', `“${text}” is no neuron, such as L3.N652.`);
}

function unreadable(text: string): never {
  throw new LensError(
    'usage',
    `“${text}” is no change that can be made. See ablate in docs/cli.md for what is.`,
  );
}
