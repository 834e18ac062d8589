import { Buffer } from 'node:buffer';
import { basename, join } from 'node:path';
import { commands, env, Uri, window, workspace, type ExtensionContext } from 'vscode';
import type { CommonRequests } from '../../protocol/pages/page';
import type { Handlers, ParamsOf } from '../../protocol/rpc';
import type { EngineClient } from '../engineClient/engineClient';
import { linkToNeuron } from '../links/pageLinks';
import type { PinnedNeuron, PinnedNeurons } from '../pins/pinnedNeurons';
import { openPlace } from '../places/openPlace';
import type { ConceptTests } from '../profiles/conceptTests';
import type { CurrentProfile } from '../profiles/currentProfile';
import type { NeuronTokens } from '../profiles/neuronTokens';
import type { ProfileLibrary } from '../profiles/profileLibrary';
import type { ProfileRuns } from '../profiles/profileRuns';
import type { TestedConcepts } from '../profiles/testedConcepts';
import type { Log } from '../surfaces/log';
import { tellInStatusBar } from '../surfaces/messages';

/** What panels of every kind answer with. */
export interface PanelServices {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: EngineClient;
  readonly library: ProfileLibrary;
  readonly current: CurrentProfile;
  readonly runs: ProfileRuns;
  readonly pins: PinnedNeurons;
  readonly concepts: TestedConcepts;
  readonly tokens: NeuronTokens;
  readonly tests: ConceptTests;
}

/** The profile that a page is about. */
export type ShownProfile = Pick<PinnedNeuron, 'profile' | 'profileName'>;

/** How long the status bar repeats what a page says aloud; in milliseconds. */
const NOTICE_TIME = 10_000;

/** What pages of every kind may ask for, but for their news. */
export function commonAnswers(
  { context, log, current, pins }: PanelServices,
  shown: () => ShownProfile,
  notice: (text: string) => void,
): Handlers<Omit<CommonRequests, 'listen'>> {
  return {
    openPlace: async (place) => {
      const profile = await current.reader(shown().profile);
      const remark = await openPlace(profile, context.workspaceState, place);
      if (remark !== null) {
        notice(remark);
        tellInStatusBar(remark, NOTICE_TIME);
      }
      return null;
    },
    openNeuron: async ({ neuron }) => {
      await commands.executeCommand('neuronLens.openNeuron', { ...shown(), id: neuron });
      return null;
    },
    openConcept: async ({ concept }) => {
      await commands.executeCommand('neuronLens.openConcept', { ...shown(), concept });
      return null;
    },
    openAblation: async ({ neuron, text }) => {
      await commands.executeCommand('neuronLens.ablate', { ...shown(), id: neuron, text });
      return null;
    },
    openPrompts: async (wanted) => {
      await commands.executeCommand('neuronLens.comparePrompts', { ...shown(), ...wanted });
      return null;
    },
    pin: async ({ neuron, pinned }) => {
      await pins.set({ ...shown(), id: neuron }, pinned);
      return null;
    },
    copyLink: async ({ neuron }) => {
      await env.clipboard.writeText(linkToNeuron(context, shown().profile, neuron));
      notice(`Copied the link to ${neuron}.`);
      return null;
    },
    copyText: async ({ text, what }) => {
      await env.clipboard.writeText(text);
      notice(`Copied ${what}.`);
      return null;
    },
    saveFile: async (file) => {
      const saved = await saveFile(file);
      if (saved !== null) notice(`Saved ${saved}.`);
      return null;
    },
    showLog: () => {
      log.show();
      return Promise.resolve(null);
    },
  };
}

/** @returns the file's name, or null when the user leaves off */
async function saveFile(file: ParamsOf<CommonRequests['saveFile']>): Promise<string | null> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const defaultUri = Uri.file(join(folder, basename(file.suggestedName)));
  const target = await window.showSaveDialog({ defaultUri });
  if (!target) return null;
  const encoding = file.encoding === 'base64' ? 'base64' : 'utf8';
  await workspace.fs.writeFile(target, Buffer.from(file.content, encoding));
  return basename(target.fsPath);
}
