import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { EngineClient } from './engineClient/engineClient';
import type { NeuronPanels } from './panels/neuronPanels';
import type { PinnedNeurons } from './pins/pinnedNeurons';
import type { CurrentProfile } from './profiles/currentProfile';
import type { ProfileLibrary } from './profiles/profileLibrary';
import type { ProfileRuns } from './profiles/profileRuns';

/** What the features share. Made once, by `activate`; a feature keeps no state outside it. */
export interface Lens {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly engine: EngineClient;
  /** Profiles that can be read. */
  readonly library: ProfileLibrary;
  /** The profile that the trees, hovers and selections refer to. */
  readonly current: CurrentProfile;
  /** The profile that is being made. */
  readonly runs: ProfileRuns;
  readonly pins: PinnedNeurons;
  readonly pages: NeuronPanels;
}
