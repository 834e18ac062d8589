import {
  conceptPage,
  type ConceptRequests,
  type ConceptState,
  type RunningTest,
} from '../../src/protocol/pages/concept';
import { singleKey } from '../common/singleKey';
import { startPage, type Host } from '../common/startPage';
import { ConceptPageElement, restoredConcept } from './conceptPage';

const running = startPage(conceptPage, ConceptPageElement, {
  load: ({ calls }, signal) => calls.concept({}, { signal }),
  onMade: (page, panel, shown) => {
    page.settings = restoredConcept(panel.savedState(), shown);
    page.host = panel.calls;
    const onProgress = ({ running }: { running: RunningTest | null }) => void (page.running = running);
    void panel.calls.watchTests({}, { onProgress }).catch(() => undefined);
    page.addEventListener('settings-changed', () => remember(page, panel));
  },
  onShown: remember,
});

function remember(page: ConceptPageElement, panel: Host<ConceptRequests, ConceptState>): void {
  const { profile, concept } = page.shown;
  panel.saveState({ profile: profile.id, concept: concept.name, ...page.settings });
}

document.addEventListener('keydown', (event) => {
  const { host, root } = running;
  if (!root.page || event.defaultPrevented || !running.reader().singleKeyShortcuts) return;
  const key = singleKey(event);
  if (key === 'g') void host.calls.goToConcept({});
  else if (key === 'e') document.querySelector('export-menu')?.show();
  else if (key === 'p') root.page.togglePin();
  else return;
  event.preventDefault();
});
