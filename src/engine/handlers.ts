import { relative } from 'node:path';
import packageJson from '../../package.json';
import { parseNeuron } from '../core/common/neuronAddress';
import { partAt } from '../core/text/parts';
import type { EngineContract, SelectionRequest, TokenAnswer, TokenRequest } from '../protocol/engine';
import type { Handlers } from '../protocol/rpc';
import { describeModel } from './describeModel';
import { Grounds } from './grounds';
import { profile } from './profile';
import type { Scheduler } from './scheduler';

/**
 * What the engine answers. A profile is the long run; everything else is a question that goes between its batches.
 * @param embeddedModel folder of the model that `default` stands for
 */
export function createHandlers(scheduler: Scheduler, embeddedModel: string): Handlers<EngineContract> {
  const grounds = new Grounds(embeddedModel);
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
    tokenAt: (request, { signal }) => scheduler.ask(signal, () => tokenAt(request, grounds, signal)),
    selection: (request, { signal }) => scheduler.ask(signal, () => selection(request, grounds, signal)),
  };
}

async function tokenAt(request: TokenRequest, grounds: Grounds, signal: AbortSignal): Promise<TokenAnswer> {
  const [ground, { answerToken }] = await Promise.all([
    grounds.open(request.profile, request),
    import('../core/selection/answerToken'),
  ]);
  const part = partAt(request.source.text, request.offset);
  const text = await grounds.tokenize(ground, request.source.text.slice(part.start, part.end));
  const chosen = request.chosen === null ? null : parseNeuron(request.chosen);
  const answer = await answerToken(
    { text, offset: request.offset - part.start, chosen, limit: request.limit },
    ground,
    signal,
  );
  return (
    answer && {
      token: {
        ...answer.token,
        start: answer.token.start + part.start,
        end: answer.token.end + part.start,
      },
      background: ground.profile.manifest.corpus.tokens,
      chosen: answer.chosen,
      strongest: [...answer.strongest],
    }
  );
}

async function selection(request: SelectionRequest, grounds: Grounds, signal: AbortSignal) {
  const [ground, { selectionOfText }] = await Promise.all([
    grounds.open(request.profile, request),
    import('../runtime/profiling/selectionOfText'),
  ]);
  const { source, start, end, limit } = request;
  const { root } = ground.profile.manifest.corpus;
  const file = source.file === null ? null : nameIn(root, source.file);
  return selectionOfText({ text: source.text, start, end, file, rows: limit }, ground, signal);
}

/** A file as the profile names it, with forward slashes; outside of the corpus it keeps its whole path. */
function nameIn(root: string, file: string): string {
  const name = relative(root, file).replaceAll('\\', '/');
  return name.startsWith('../') ? file.replaceAll('\\', '/') : name;
}
