import type { ProfileOutcome, ProfileProgress, ProfileRequest } from '../protocol/engine';
import type { CallContext } from '../protocol/rpc';

/** Milliseconds between two reports of progress, at the least. */
const REPORT_INTERVAL = 250;

/** What a run needs besides the request. */
interface EngineFacts {
  readonly embeddedModel: string;
  /** Name and version of the program, for the manifest. */
  readonly tool: string;
  readonly betweenBatches: () => Promise<void>;
}

/**
 * The main job, as the editor asks for it: everything that it does not ask is as on the command line.
 * @throws LensError as `profileCorpus` does
 */
export async function profile(
  request: ProfileRequest,
  { signal, progress }: CallContext<ProfileProgress>,
  { embeddedModel, tool, betweenBatches }: EngineFacts,
): Promise<ProfileOutcome> {
  const { profileCorpus } = await import('../runtime/profiling/profileCorpus');
  const { inputs, root, range, model, dtype, out, exclude, resume, threads } = request;
  const notices: string[] = [];
  let readable = resume;
  let reported = Number.NEGATIVE_INFINITY;
  const manifest = await profileCorpus(
    {
      ...{ inputs, root, range, model, out, exclude, resume, embeddedModel, tool },
      ...(dtype !== undefined && { dtype }),
      ...(threads !== null && { threads }),
      ...{ include: [], quantity: ['act'], overwrite: false, keepSpecial: false, keepSinks: false },
      ...{ keepText: true, seed: 1, tested: true },
    },
    {
      notice: (sentence) => notices.push(sentence),
      saved: () => (readable = true),
      progress: ({ tokensDone, tokensTotal, tokensPerSecond, secondsLeft, filesDone, filesTotal }) => {
        const now = performance.now();
        if (now - reported < REPORT_INTERVAL) return;
        reported = now;
        progress({ tokensDone, tokensTotal, tokensPerSecond, secondsLeft, filesDone, filesTotal, readable });
      },
    },
    signal,
    { betweenBatches },
  );
  return { state: manifest.state, tokens: manifest.corpus.tokens, seconds: manifest.seconds, notices };
}
