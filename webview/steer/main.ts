import { steerPage, type SteerRequests, type SteerState } from '../../src/protocol/pages/steer';
import { singleKey } from '../common/singleKey';
import { startPage, type Host } from '../common/startPage';
import { SteerPageElement } from './steerPage';

/** The editor keeps states in one small database: a larger result is left out, and what was set up is kept. */
const MOST_CHARACTERS_KEPT = 1_000_000;

const running = startPage(steerPage, SteerPageElement, {
  load: (host, signal) => host.calls.steer({}, { signal }),
  onMade: (page, host) => {
    page.calls = host.calls;
    page.kept = host.savedState();
    page.addEventListener('state-changed', () => remember(page, host));
  },
});

function remember(page: SteerPageElement, { saveState }: Host<SteerRequests, SteerState>): void {
  const { state } = page;
  saveState(JSON.stringify(state).length > MOST_CHARACTERS_KEPT ? { ...state, run: null } : state);
}

document.addEventListener('keydown', (event) => {
  const { page } = running.root;
  if (!page || event.defaultPrevented) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) page.run();
  else if (running.reader().singleKeyShortcuts && singleKey(event) === 'e') {
    document.querySelector('export-menu')?.show();
  } else return;
  event.preventDefault();
});
