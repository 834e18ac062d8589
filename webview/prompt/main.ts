import {
  promptPage,
  type PromptRequests,
  type PromptState,
  type ShownPrompts,
} from '../../src/protocol/pages/prompt';
import { singleKey } from '../common/singleKey';
import { startPage, type Host } from '../common/startPage';
import { PromptPageElement, type PromptSettings } from './promptPage';

const running = startPage(promptPage, PromptPageElement, {
  load: ({ calls }, signal) => calls.prompts({}, { signal }),
  onMade: (page, panel, shown) => {
    page.settings = restoredPrompts(panel.savedState(), shown);
    page.host = panel.calls;
    page.addEventListener('settings-changed', () => remember(page, panel));
  },
  onShown: remember,
});

/** What was on the page before it was loaded anew comes first: it may have been edited since it was opened. */
function restoredPrompts(saved: PromptState | null, { prompts, neurons }: ShownPrompts): PromptSettings {
  if (saved) return saved;
  const question = { prompt: 0, token: null, against: null };
  return { prompts, neurons, colouring: neurons[0] ?? null, patch: null, question };
}

function remember(page: PromptPageElement, panel: Host<PromptRequests, PromptState>): void {
  const { profile, model } = page.shown;
  const { prompts, neurons, colouring, patch, question } = page.settings;
  panel.saveState({
    ...{ profile: profile?.id ?? null, model: model.id, dtype: model.dtype },
    ...{ prompts, neurons, colouring, patch, question },
  });
}

document.addEventListener('keydown', (event) => {
  const { root } = running;
  if (!root.page || event.defaultPrevented) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) root.page.check();
  else if (running.reader().singleKeyShortcuts && singleKey(event) === 'e') {
    document.querySelector('export-menu')?.show();
  } else return;
  event.preventDefault();
});
