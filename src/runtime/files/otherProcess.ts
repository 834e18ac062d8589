import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { systemCode } from './fileErrors';

/** A process as it is noted where others come to ask whether it is still there. */
export const notedProcess = v.object({
  process: v.number(),
  host: v.string(),
  /** What tells it from a later process of the same number; null where the system does not say. */
  started: v.optional(v.nullable(v.string()), null),
});
export type NotedProcess = v.InferOutput<typeof notedProcess>;

export function thisProcess(): NotedProcess {
  return { process: process.pid, host: hostname(), started: startOf(process.pid) };
}

/**
 * Whether a process may still be at work. One of another machine cannot be asked, so it may. Numbers are given anew, in
 * containers the same one to each run: where the system says when a process started, that must agree.
 */
export function mayBeAtWork(noted: NotedProcess): boolean {
  if (noted.host !== hostname()) return true;
  if (!exists(noted.process)) return false;
  const started = startOf(noted.process);
  return noted.started === null || started === null || started === noted.started;
}

function exists(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (thrown) {
    return systemCode(thrown) === 'EPERM';
  }
}

/** Ticks from the machine's start to the process's, by no clock that could be set meanwhile; null where unknown. */
function startOf(id: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    // The program's name, in brackets, may hold spaces and brackets of its own: the fields are counted behind it.
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[19] ?? null;
  } catch {
    return null;
  }
}
