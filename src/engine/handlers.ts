import { relative } from 'node:path';
import packageJson from '../../package.json';
import { parseNeuron } from '../core/common/neuronAddress';
import { sliceAt } from '../core/text/slices';
import type { EngineContract, SelectionRequest, TokenReply, TokenRequest } from '../protocol/engine';
import type { Handlers } from '../protocol/rpc';
import { conceptControl } from './conceptControl';
import { concepts } from './concepts';
import { OpenCauses } from './openCauses';
import { describeModel } from './describeModel';
import { ProfiledModels } from './profiledModels';
import { profile } from './profile';
import { promptTokens } from './promptTokens';
import type { Scheduler } from './scheduler';
import { keepWeights, toward } from './weights';

/**
 * What the engine answers. A profile is the long run; everything else is a question that goes between its batches.
 * @param embeddedModel folder of the model that `default` stands for
 * @param languageProgram path of the bundled languageWorker.ts
 */
export function createHandlers(
  scheduler: Scheduler,
  embeddedModel: string,
  languageProgram: string,
): Handlers<EngineContract> {
  const models = new ProfiledModels(embeddedModel);
  const causes = new OpenCauses(embeddedModel, languageProgram, () => scheduler.turn());
  return {
    describeModel: (request, { signal }) =>
      scheduler.ask(signal, () => describeModel(request, embeddedModel)),
    profile: (request, context) =>
      scheduler.run(() =>
        profile(request, context, {
          embeddedModel,
          tool: `neuron-lens ${packageJson.version}`,
          betweenBatches: () => scheduler.turn(),
        }),
      ),
    tokenAt: (request, { signal }) => scheduler.ask(signal, () => tokenAt(request, models, signal)),
    concepts: (request, context) =>
      scheduler.run(() =>
        concepts(request, context, {
          embeddedModel,
          languageProgram,
          betweenBatches: () => scheduler.turn(),
        }),
      ),
    conceptControl: (request, context) =>
      scheduler.run(() =>
        conceptControl(request, context, {
          embeddedModel,
          languageProgram,
          betweenBatches: () => scheduler.turn(),
        }),
      ),
    selection: (request, { signal }) => scheduler.ask(signal, () => selection(request, models, signal)),
    promptTokens: (request, { signal }) => scheduler.ask(signal, () => promptTokens(request, embeddedModel)),
    ablate: (request, context) => scheduler.ask(context.signal, () => causes.ablate(request, context)),
    ablateCorpus: (request, context) => scheduler.run(() => causes.ablateCorpus(request, context)),
    layerCosts: (request, { signal }) => scheduler.ask(signal, () => causes.layerCosts(request)),
    rankLayer: (request, context) => scheduler.run(() => causes.rankLayer(request, context)),
    effect: (request, context) => scheduler.ask(context.signal, () => causes.effect(request, context)),
    toward: (request, { signal }) => scheduler.ask(signal, () => toward(request, embeddedModel, signal)),
    weights: (request, { signal }) =>
      scheduler.run(async () => {
        await keepWeights(request, embeddedModel, signal);
        return null;
      }),
    attribute: (request, context) => scheduler.ask(context.signal, () => causes.attribute(request, context)),
    comparePrompts: (request, context) =>
      scheduler.ask(context.signal, () => causes.comparePrompts(request, context)),
    mostDifferent: (request, context) =>
      scheduler.ask(context.signal, () => causes.mostDifferent(request, context)),
  };
}

async function tokenAt(
  request: TokenRequest,
  models: ProfiledModels,
  signal: AbortSignal,
): Promise<TokenReply> {
  const [profiled, { answerToken }] = await Promise.all([
    models.open(request.profile, request),
    import('../core/selection/answerToken'),
  ]);
  const slice = sliceAt(request.source.text, request.offset);
  const text = await models.tokenize(profiled, request.source.text.slice(slice.start, slice.end));
  const chosen = request.chosen === null ? null : parseNeuron(request.chosen);
  const answer = await answerToken(
    { text, offset: request.offset - slice.start, chosen, limit: request.limit },
    profiled,
    signal,
  );
  return (
    answer && {
      token: {
        ...answer.token,
        start: answer.token.start + slice.start,
        end: answer.token.end + slice.start,
      },
      background: profiled.profile.manifest.corpus.tokens,
      chosen: answer.chosen,
      strongest: [...answer.strongest],
    }
  );
}

async function selection(request: SelectionRequest, models: ProfiledModels, signal: AbortSignal) {
  const [profiled, { selectionOfText }] = await Promise.all([
    models.open(request.profile, request),
    import('../runtime/profiling/selectionOfText'),
  ]);
  const { source, start, end, limit } = request;
  const { root } = profiled.profile.manifest.corpus;
  const file = source.file === null ? null : nameIn(root, source.file);
  return selectionOfText({ text: source.text, start, end, file, rows: limit }, profiled, signal);
}

/** A file as the profile names it, with forward slashes; outside of the corpus it keeps its whole path. */
function nameIn(root: string, file: string): string {
  const name = relative(root, file).replaceAll('\\', '/');
  return name.startsWith('../') ? file.replaceAll('\\', '/') : name;
}
