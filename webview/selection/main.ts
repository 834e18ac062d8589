import { selectionPage } from '../../src/protocol/pages/selection';
import { startPage } from '../common/startPage';
import { SelectionPage } from './selectionPage';

/** The editor keeps states in one small database: a larger answer is asked for again instead. */
const MOST_CHARACTERS_KEPT = 1_000_000;

startPage(selectionPage, SelectionPage, {
  load: ({ calls }, signal) => calls.selection({}, { signal }),
  onShown: ({ shown: { profile, answer } }, { saveState }) => {
    const state = { profile: profile.id, answer };
    saveState(JSON.stringify(state).length > MOST_CHARACTERS_KEPT ? null : state);
  },
});
