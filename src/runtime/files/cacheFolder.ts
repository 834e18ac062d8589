import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the program keeps what it can find out again at any time: NEURON_LENS_CACHE, else the place that the system
 * has for caches. The editor and the command line share it.
 */
export function cacheFolder(): string {
  const { NEURON_LENS_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (NEURON_LENS_CACHE) return NEURON_LENS_CACHE;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'neuron-lens', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'neuron-lens');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'neuron-lens');
}
