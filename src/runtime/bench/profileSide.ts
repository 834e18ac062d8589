import type { Manifest } from '../../core/profile/manifest';
import { profileCorpus } from '../profiling/profileCorpus';
import type { BenchRequest, BenchRun, BenchSetup, OpenSide } from './benchRequest';
import { timePorts } from './timedPorts';
import { timed } from './timedRun';

/** Tokens of the first run, which is not counted: it loads code, and tells the plan. */
const FIRST_TOKENS = 2048;

/** The product's own way, from the text's files to the finished profile on disk. */
export async function openProfileSide(setup: BenchSetup): Promise<OpenSide> {
  const { request } = setup;
  const limitTokens = Math.min(FIRST_TOKENS, request.limitTokens ?? Infinity);
  const { plan } = (await profile({ ...request, limitTokens })).manifest;
  return {
    setup: { ...setup, plan },
    async run() {
      const { result, seconds: secondsWithStart } = await timed(() => profile(request));
      const { manifest, run } = result;
      const { corpus, engine } = manifest;
      return { ...run, secondsWithStart, tokens: corpus.tokens, batchTokens: engine.batchTokens };
    },
  };
}

async function profile(request: BenchRequest) {
  const runs: Pick<BenchRun, 'seconds' | 'processorSeconds' | 'peakRssMiB' | 'phases'>[] = [];
  const manifest = await profileCorpus(
    { ...request, overwrite: true, resume: false },
    { progress: () => undefined, notice: () => undefined },
    new AbortController().signal,
    {
      async around(run, prepared): Promise<Manifest> {
        const { request: watched, phases } = timePorts(prepared);
        const { result, ...measured } = await timed(() => run(watched));
        runs.push({ ...measured, phases: phases(measured.seconds) });
        return result;
      },
    },
  );
  return { manifest, run: runs[0]! };
}
