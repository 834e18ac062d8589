import { workspace } from 'vscode';
import { LensError } from '../core/common/errors';

/**
 * Models are files that somebody made: they are run only where the reader trusts what is open.
 * @param then what the reader was about to do
 * @throws LensError in an untrusted workspace
 */
export function requireTrust(then: string): void {
  if (workspace.isTrusted) return;
  throw new LensError(
    'usage',
    `Models run only in a trusted workspace. Trust it (Manage Workspace Trust), then ${then} again.`,
  );
}
