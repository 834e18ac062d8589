import {
  Hover,
  languages,
  Range,
  workspace,
  type CancellationToken,
  type Disposable,
  type Position,
  type TextDocument,
} from 'vscode';
import { toLensError } from '../../core/common/errors';
import type { Services } from '../lens';
import { modelOf } from '../profiles/profileEntry';
import { settings } from '../settings';
import { CoveredFiles } from './coveredFiles';
import { describeToken } from './describeToken';

type HoverServices = Services<'context' | 'log' | 'engine' | 'current' | 'pages' | 'concepts' | 'tokens'>;

/** Neurons listed in a hover. */
const LISTED = 5;
/** Longer texts are not run for a hover: their tokens alone would take too long. */
const LONGEST_TEXT = 1_000_000;

/** What fires at the token under the pointer, in the files that the current profile covers. */
export function activateHover(lens: HoverServices): Disposable[] {
  const covered = new CoveredFiles();
  return [
    languages.registerHoverProvider(
      { scheme: 'file' },
      { provideHover: (document, position, token) => hover(lens, covered, document, position, token) },
    ),
  ];
}

async function hover(
  lens: HoverServices,
  covered: CoveredFiles,
  document: TextDocument,
  position: Position,
  cancelled: CancellationToken,
): Promise<Hover | null> {
  const { entry, neuron } = lens.current;
  if (!settings.hover() || !workspace.isTrusted || !entry) return null;
  const text = document.getText();
  if (
    text.length > LONGEST_TEXT ||
    !(await covered.include(lens.context.workspaceState, entry, document.uri.fsPath))
  )
    return null;
  const controller = new AbortController();
  const listener = cancelled.onCancellationRequested(() => controller.abort());
  try {
    const answer = await lens.engine.calls.tokenAt(
      {
        ...modelOf(entry),
        profile: entry.folder,
        source: { file: document.uri.fsPath, text },
        offset: document.offsetAt(position),
        chosen: neuron ?? lens.pages.lastOf(entry.folder),
        limit: LISTED,
      },
      { signal: controller.signal },
    );
    if (answer === null) return null;
    const range = new Range(document.positionAt(answer.token.start), document.positionAt(answer.token.end));
    const [concepts, tokens] = await Promise.all([
      lens.concepts.of(entry.folder),
      lens.tokens.of(
        entry.folder,
        answer.strongest.map(({ id }) => id),
      ),
    ]);
    const hovered = { text: document.getText(range), range, line: document.lineAt(range.start.line).text };
    return new Hover(describeToken(answer, hovered, entry, concepts, tokens), range);
  } catch (thrown) {
    // A hover is not worth a message: the reader did not ask for anything.
    const error = toLensError(thrown);
    if (error.code !== 'cancelled') lens.log.warn(`Hover: ${error.message}`);
    return null;
  } finally {
    listener.dispose();
  }
}
