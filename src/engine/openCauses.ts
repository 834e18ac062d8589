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
import { parseNeuron, type Part } from '../core/common/neuronAddress';
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
import type { Cause, CauseRequest } from '../runtime/cause/openCause';
import { KeptOpen } from './keptOpen';

type ModelNamed = Pick<CauseRequest, 'model' | 'dtype'>;
type OpenRequest = Omit<CauseRequest, 'addresses' | 'embeddedModel'>;

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

  private withLayersOf<Answer>(
    settings: readonly NeuronSetting[],
    request: OpenRequest,
    work: (cause: Cause) => Promise<Answer>,
  ): Promise<Answer> {
    const addresses = settings.map(({ address }) => address);
    return this.withCause({ ...request, addresses }, work);
  }

  private withAllLayers<Answer>(
    request: ModelNamed,
    work: (cause: Cause) => Promise<Answer>,
  ): Promise<Answer> {
    const { model, dtype } = request;
    return this.withCause({ model, dtype, addresses: 'all' }, work);
  }

  /** One model is open for all layers that can be changed, whichever are asked about; experts are opened by name. */
  private async withCause<Answer>(
    { model, dtype, quantity, text, decoderText, addresses }: OpenRequest & Pick<CauseRequest, 'addresses'>,
    work: (cause: Cause) => Promise<Answer>,
  ): Promise<Answer> {
    const { openCause, serves } = await import('../runtime/cause/openCause');
    const request = { model, dtype, quantity, text, decoderText, addresses };
    return this.causes.use(
      { key: causeKey(request), serves: (cause) => serves(cause, addresses) },
      async () => {
        await this.letGoOfOwn(request);
        return openCause({ ...request, others: true, embeddedModel: this.embeddedModel });
      },
      work,
    );
  }

  /** What is changed in a model with its head is changed in the one that is open for all layers, if it is. */
  private async withHead<Answer>(
    request: ModelNamed,
    part: Part | null,
    work: (model: HeadModel) => Promise<Answer>,
  ): Promise<Answer> {
    const { HeadModel } = await import('../runtime/cause/headModel');
    const { serves } = await import('../runtime/cause/openCause');
    const { isWritingStack } = await import('../runtime/cause/wholeModel');
    const { model, dtype } = request;
    const { embeddedModel } = this;
    const wanted = {
      key: headKey(request),
      serves: ({ whole }: HeadModel) => (part === null ? isWritingStack(whole) : whole.part === part),
    };
    return this.causes.lend({ key: causeKey(request), serves: (cause) => serves(cause, 'all') }, (cause) =>
      this.heads.use(
        wanted,
        () => HeadModel.open({ model, dtype, embeddedModel }, part),
        (head) => head.changes.borrowing(cause, () => work(head)),
      ),
    );
  }

  /** A copy that a model with its head has of its own makes room for the one that all work with. */
  private letGoOfOwn(request: ModelNamed): Promise<void> {
    const wanted = { key: headKey(request), serves: () => true };
    return this.heads.lend(wanted, async (head) => head?.changes.letGo());
  }
}

function headKey({ model, dtype }: ModelNamed): string {
  return JSON.stringify([model, dtype]);
}

function causeKey({
  model,
  dtype,
  quantity = 'act',
}: Pick<OpenRequest, 'model' | 'dtype' | 'quantity'>): string {
  return JSON.stringify([model, dtype, quantity]);
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
