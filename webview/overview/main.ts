import { overviewPage, type OverviewRequests, type OverviewState } from '../../src/protocol/pages/overview';
import { startPage, type Host } from '../common/startPage';
import { OverviewPageElement } from './overviewPage';

startPage(overviewPage, OverviewPageElement, {
  load: ({ calls }, signal) => calls.overview({}, { signal }),
  onMade: (page, panel, shown) => {
    page.host = panel.calls;
    const saved = panel.savedState();
    if (saved?.profile === shown.profile.id) page.restore(saved);
    page.addEventListener('settings-changed', () => remember(page, panel));
  },
  onShown: remember,
});

function remember(page: OverviewPageElement, { saveState }: Host<OverviewRequests, OverviewState>): void {
  saveState(page.state);
}
