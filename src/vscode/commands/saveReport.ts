import { basename, join } from 'node:path';
import { env, Uri, window, workspace } from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import { meaningOf } from '../../core/concepts/neuronMeaning';
import { parseNeuron } from '../../core/common/neuronAddress';
import { formatCount } from '../../core/common/numberFormat';
import { writeReport } from '../../runtime/report/writeReport';
import type { Services } from '../lens';
import { firstNeurons, listKey } from '../profiles/neuronList';
import type { ProfileEntry } from '../profiles/profileEntry';
import { tell } from '../surfaces/messages';

/** Neurons of a report besides the pinned ones. */
const FIRST_NEURONS = 12;

/** Writes the pages of a profile's pinned and first neurons, in the order of the sidebar, as one HTML file. */
export async function saveReport(
  lens: Services<'context' | 'current' | 'pins' | 'concepts'>,
  { folder, name }: ProfileEntry,
): Promise<void> {
  const home = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const target = await window.showSaveDialog({
    title: forEditor(`Report on ${name}`),
    defaultUri: Uri.file(join(home, basename(`Neurons of ${name}.html`))),
    filters: { 'Web page': ['html'] },
  });
  if (!target) return;
  const profile = await lens.current.reader(folder);
  const results = await lens.concepts.of(folder);
  const sort = listKey(lens.context.workspaceState, profile.manifest, results);
  const first = await firstNeurons(profile, results, { sort, limit: FIRST_NEURONS });
  const pinned = lens.pins.all.filter((pin) => pin.profile === folder);
  const ids = new Set([...pinned, ...first].map(({ id }) => id));
  const pages = [];
  for (const id of ids) {
    const address = parseNeuron(id);
    if (address) pages.push({ ...(await profile.page(address)), ...meaningOf(results, id) });
  }
  await writeReport({ profile: name, pages }, target.fsPath, lens.context.asAbsolutePath('dist/webview'));
  const open = 'Open';
  const message = `Saved a report with ${formatCount(pages.length)} neurons: ${target.fsPath}`;
  if ((await tell(message, open)) === open) await env.openExternal(target);
}
