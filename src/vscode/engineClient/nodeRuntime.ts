import { execFile } from 'node:child_process';
import { LensError } from '../../core/common/errors';

/** A program that can run the engine, and what its environment needs. */
export interface NodeRuntime {
  readonly path: string;
  readonly version: string;
  /** `setting`, `PATH`, or the editor's own Electron run as Node. */
  readonly origin: 'setting' | 'PATH' | 'editor';
  readonly environment: Readonly<Record<string, string>>;
}

const OLDEST_MAJOR = 20;

/**
 * The first that works: the binary that the setting names; `node` on the PATH; the program that runs the editor.
 * @param nodePath the setting, empty when it is not set
 * @throws LensError `engine-unavailable` when the setting names something that is no Node 20 or newer
 */
export async function findNodeRuntime(nodePath: string): Promise<NodeRuntime> {
  if (nodePath !== '') {
    const version = await probe(nodePath);
    if (version !== null && isRecent(version))
      return { path: nodePath, version, origin: 'setting', environment: {} };
    throw new LensError(
      'engine-unavailable',
      `The setting neuronLens.engine.nodePath names ${nodePath}, which ${
        version === null ? 'does not run as Node.js' : `is Node.js ${version}`
      }. Set it to Node.js ${OLDEST_MAJOR} or newer, or clear it.`,
    );
  }
  const onPath = await probe('node');
  if (onPath !== null && isRecent(onPath))
    return { path: 'node', version: onPath, origin: 'PATH', environment: {} };
  return {
    path: process.execPath,
    version: process.versions.node,
    origin: 'editor',
    environment: { ELECTRON_RUN_AS_NODE: '1' },
  };
}

/** @returns the version that a program says it has, or null when it is no Node */
function probe(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: 5000, windowsHide: true };
    execFile(path, ['--print', 'process.versions.node'], options, (error, output) => {
      const version = output.trim();
      resolve(error === null && /^\d+\.\d+\.\d+/.test(version) ? version : null);
    });
  });
}

function isRecent(version: string): boolean {
  return Number.parseInt(version, 10) >= OLDEST_MAJOR;
}
