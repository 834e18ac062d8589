/** No system gives a process such a number. */
const NO_PROCESS = 2 ** 22 + 1;

/** Changes to the disk that still go through; after them the process is as good as killed. */
export const killedDisk = { changesLeft: Infinity };

const CHANGES = ['mkdir', 'rename', 'rm', 'rmdir', 'unlink', 'writeFile', 'link', 'copyFile'] as const;

type Disk = typeof import('node:fs/promises');

/** `node:fs/promises` for `vi.mock`, in which nothing changes the disk any more once `changesLeft` is used up. */
export function killable(disk: Disk): Disk {
  const change = (): void => {
    if (killedDisk.changesLeft-- <= 0) throw new Error('killed');
  };
  const open: Disk['open'] = async (path, flags, mode) => {
    if (flags !== undefined && flags !== 'r') change();
    return disk.open(path, flags, mode);
  };
  const guarded = CHANGES.map((name) => [
    name,
    async (...parameters: unknown[]): Promise<unknown> => {
      change();
      return (disk[name] as (...given: unknown[]) => Promise<unknown>)(...parameters);
    },
  ]);
  return { ...disk, ...(Object.fromEntries(guarded) as Partial<Disk>), open };
}

type Processes = typeof import('../../../src/runtime/files/otherProcess');

/** `otherProcess` for `vi.mock`: while `changesLeft` counts, all is written by a process that is not there afterwards. */
export function mortal(processes: Processes): Processes {
  const thisProcess: Processes['thisProcess'] = () => {
    const noted = processes.thisProcess();
    return killedDisk.changesLeft === Infinity ? noted : { ...noted, process: NO_PROCESS };
  };
  return { ...processes, thisProcess };
}
