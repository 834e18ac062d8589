import type { BenchRun } from './benchRequest';

/** Runs some work, and measures the time and the processor time that it takes. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<Pick<BenchRun, 'seconds' | 'processorSeconds' | 'peakRssMiB'> & { result: Result }> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  return {
    result,
    seconds: (performance.now() - started) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  };
}
