import { Buffer } from 'node:buffer';
import { basename, join } from 'node:path';
import { commands, env, Uri, window, workspace } from 'vscode';
import type { MessageToHost } from '../../protocol/webview';
import { linkToNeuron } from '../links/neuronLinks';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { openPlace } from '../places/openPlace';
import type { PanelHost, PanelServices } from './panelHost';
import { tellInStatusBar } from '../surfaces/messages';

/** How long the status bar repeats what a page says aloud; in milliseconds. */
const NOTICE_TIME = 10_000;

/** What pages of every kind may ask for. `shown` is the neuron, or the profile, that the page is about. */
export async function answerCommonRequest(
  services: PanelServices,
  shown: Pick<PinnedNeuron, 'profile' | 'profileName'>,
  message: MessageToHost,
  host: PanelHost,
): Promise<void> {
  switch (message.type) {
    case 'openPlace': {
      const notice = await openPlace(
        await services.current.reader(shown.profile),
        services.context.workspaceState,
        message,
      );
      if (notice === null) return;
      host.post({ type: 'notice', text: notice });
      tellInStatusBar(notice, NOTICE_TIME);
      return;
    }
    case 'openNeuron':
      await commands.executeCommand('neuronLens.openNeuron', { ...shown, id: message.neuron });
      return;
    case 'goToNeuron':
      await commands.executeCommand('neuronLens.goToNeuron');
      return;
    case 'pin':
      await services.pins.set({ ...shown, id: message.neuron }, message.pinned);
      return;
    case 'copyLink':
      await env.clipboard.writeText(linkToNeuron(services.context, shown.profile, message.neuron));
      host.post({ type: 'notice', text: `Copied the link to ${message.neuron}.` });
      return;
    case 'copyText':
      await env.clipboard.writeText(message.text);
      host.post({ type: 'notice', text: `Copied ${message.what}.` });
      return;
    case 'saveFile':
      await saveFile(message, host);
      return;
    case 'showLog':
      services.log.show();
      return;
    case 'ready':
    case 'step':
    case 'resumeProfile':
      return;
  }
}

async function saveFile(message: MessageToHost & { type: 'saveFile' }, host: PanelHost): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const defaultUri = Uri.file(join(folder, basename(message.suggestedName)));
  const target = await window.showSaveDialog({ defaultUri });
  if (!target) return;
  const encoding = message.encoding === 'base64' ? 'base64' : 'utf8';
  await workspace.fs.writeFile(target, Buffer.from(message.content, encoding));
  host.post({ type: 'notice', text: `Saved ${basename(target.fsPath)}.` });
}
