import type { ExtensionContext } from 'vscode';
import type { EngineClient } from './engineClient/engineClient';
import type { ConceptPanels } from './panels/conceptPanels';
import type { NeuronPanels } from './panels/neuronPanels';
import type { OverviewPanels } from './panels/overviewPanels';
import type { SteerPanels } from './panels/steerPanels';
import type { PinnedNeurons } from './pins/pinnedNeurons';
import type { ConceptTests } from './profiles/conceptTests';
import type { CurrentProfile } from './profiles/currentProfile';
import type { NeuronTokens } from './profiles/neuronTokens';
import type { ProfileLibrary } from './profiles/profileLibrary';
import type { ProfileRuns } from './profiles/profileRuns';
import type { TestedConcepts } from './profiles/testedConcepts';
import type { Log } from './surfaces/log';

/**
 * What the features share: a plain record, made once by `activate`. A feature takes what it uses of it and keeps no
 * state outside it; none of these services knows the record.
 */
export interface Lens {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: EngineClient;
  /** Profiles that can be read. */
  readonly library: ProfileLibrary;
  /** The profile that the trees, hovers and selections refer to. */
  readonly current: CurrentProfile;
  /** The profile that is being made. */
  readonly runs: ProfileRuns;
  /** What concepts gave on the profiles: the names of neurons. */
  readonly concepts: TestedConcepts;
  /** The tokens that neurons answer to most. */
  readonly tokens: NeuronTokens;
  /** The test of concepts that is under way. */
  readonly tests: ConceptTests;
  readonly pins: PinnedNeurons;
  readonly pages: NeuronPanels;
  readonly conceptPages: ConceptPanels;
  readonly steerPages: SteerPanels;
  readonly overviewPages: OverviewPanels;
}

/** Some of the services, by name. */
export type Services<Name extends keyof Lens> = Pick<Lens, Name>;
