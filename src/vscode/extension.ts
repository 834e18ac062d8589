import { workspace, type ExtensionContext } from 'vscode';
import { activateCauseCommands } from './commands/causeCommands';
import { activateConceptCommands } from './commands/conceptCommands';
import { activateControlCommands } from './commands/controlCommands';
import { activateLayerCommands } from './commands/layerCommands';
import { activateLibraryCommands } from './commands/libraryCommands';
import { activateModelCommands } from './commands/modelCommands';
import { activateNeuronCommands } from './commands/neuronCommands';
import { activateOwnConceptCommands } from './commands/ownConceptCommands';
import { activateProfileCommands } from './commands/profileCommands';
import { activatePromptCommands } from './commands/promptCommands';
import { activateSelectionCommands } from './commands/selectionCommands';
import { activateConceptDiagnostics } from './concepts/conceptDiagnostics';
import { EngineClient } from './engineClient/engineClient';
import { activateHover } from './hover/tokenHover';
import type { Lens } from './lens';
import { activateOpenAtStart } from './links/openAtStart';
import { activateLinks } from './links/pageLinks';
import { activateHubToken } from './models/hubToken';
import { ConceptPanels } from './panels/conceptPanels';
import { NeuronPanels } from './panels/neuronPanels';
import { OverviewPanels } from './panels/overviewPanels';
import { SteerPanels } from './panels/steerPanels';
import { PinnedNeurons } from './pins/pinnedNeurons';
import { ConceptTests } from './profiles/conceptTests';
import { CurrentProfile } from './profiles/currentProfile';
import { NeuronTokens } from './profiles/neuronTokens';
import { ProfileLibrary } from './profiles/profileLibrary';
import { ProfileRuns } from './profiles/profileRuns';
import { TestedConcepts } from './profiles/testedConcepts';
import { activateRunProgress } from './progress/runNotification';
import { activateRunStatus } from './progress/runStatus';
import { settings } from './settings';
import { openLog } from './surfaces/log';
import { activateConceptsView } from './views/conceptsView';
import { activateNeuronsView } from './views/neuronsView';
import { activatePinnedView } from './views/pinnedView';
import { activateProfilesView } from './views/profilesView';

const FEATURES = [
  activateProfilesView,
  activateNeuronsView,
  activatePinnedView,
  activateConceptsView,
  activateRunProgress,
  activateRunStatus,
  activateProfileCommands,
  activateLibraryCommands,
  activateConceptCommands,
  activateControlCommands,
  activateOwnConceptCommands,
  activateConceptDiagnostics,
  activateModelCommands,
  activateHubToken,
  activateNeuronCommands,
  activateSelectionCommands,
  activatePromptCommands,
  activateCauseCommands,
  activateLayerCommands,
  activateHover,
  activateLinks,
  activateOpenAtStart,
];

/** Makes what the features share and starts each; nothing here reads a profile, a model or the network. */
export function activate(context: ExtensionContext): void {
  const log = openLog();
  const engine = new EngineClient({
    script: context.asAbsolutePath('dist/engine.cjs'),
    embeddedModel: context.asAbsolutePath('media/embedded-model'),
    nodePath: settings.nodePath,
    log,
  });
  const library = new ProfileLibrary(context);
  const current = new CurrentProfile(context, library);
  const runs = new ProfileRuns(engine, library);
  const pins = new PinnedNeurons(context.workspaceState);
  const tests = new ConceptTests(engine, library);
  const concepts = new TestedConcepts(library, log);
  const tokens = new NeuronTokens(current, log);
  const services = { context, log, engine, library, current, runs, pins, concepts, tokens, tests };
  const pages = new NeuronPanels(services);
  const conceptPages = new ConceptPanels(services);
  const steerPages = new SteerPanels(services);
  const overviewPages = new OverviewPanels(services);
  const lens: Lens = { ...services, pages, conceptPages, steerPages, overviewPages };
  context.subscriptions.push(
    log,
    pages,
    pages.restore(),
    conceptPages,
    conceptPages.restore(),
    steerPages,
    overviewPages,
    overviewPages.restore(),
    { dispose: () => void engine.dispose() },
    ...FEATURES.flatMap((activateFeature) => activateFeature(lens)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('neuronLens.profiles.folder')) library.refresh();
      if (change.affectsConfiguration('neuronLens.engine.nodePath')) void engine.restart();
    }),
  );
  current
    .restore()
    .catch((error: unknown) => log.warn(`The last profile could not be taken up: ${String(error)}`));
}
