import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands, languages, Uri, workspace, type SemanticTokens, type SemanticTokensLegend } from 'vscode';
import { formatCount } from '../../core/common/numberFormat';
import { gitConcepts, type DatedFile } from '../../core/concepts/own/lineOrigins';
import { addSemanticTokens } from '../../core/concepts/own/semanticTokens';
import { LabelSpans, type TextLabels } from '../../core/concepts/own/textLabels';
import type { CorpusFile } from '../../core/text/document';
import { chooseFormat } from '../../core/text/formats/chooseFormat';
import { plainText } from '../../core/text/formats/plain';
import { FILE_START, Places } from '../../core/text/places';
import { FileStates } from '../../runtime/files/fileState';
import { readText } from '../../runtime/files/readText';
import { blameFile } from '../../runtime/git/blame';
import type { Services } from '../lens';
import { rootsOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from '../profiles/profileEntry';
import { profiledFiles } from '../profiles/profiledFiles';

/** Files of a profile that are asked about, each at most so large in bytes. */
const MOST_FILES = 200;
const LARGEST_FILE = 1 << 20;
/** Milliseconds that language extensions have for the tokens of a file. */
const LONGEST_ANSWER = 5_000;

const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;

/** What the editor knows of a profile's files beyond their text, and what of it was left out. */
export interface GatheredLabels {
  readonly labels: readonly TextLabels[];
  readonly notices: readonly string[];
}

/** A file as it was profiled, with its text. */
interface KnownFile {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Labels of a profile's files from the installed language extensions (semantic tokens, diagnostics) and from git (author
 * and age of a line). Only files that are what was profiled are asked about, as far as the limits above go.
 * @param asked which of the two. @param report is told how many files are done.
 * @throws the signal's reason
 */
export async function gatherLabels(
  { context }: Services<'context'>,
  { folder, manifest }: ProfileEntry,
  asked: { readonly editor: boolean; readonly git: boolean },
  report: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<GatheredLabels> {
  const files = await profiledFiles({ folder, manifest });
  const roots = rootsOnThisMachine(context.workspaceState, manifest.corpus.root);
  const root = roots.find((candidate) => existsSync(candidate)) ?? manifest.corpus.root;
  const states = new FileStates(root);
  const spans = new LabelSpans('editor', 'semantic tokens and diagnostics');
  const dated: DatedFile[] = [];
  const known: KnownFile[] = [];
  const some = files.slice(0, MOST_FILES);
  for (const [at, file] of some.entries()) {
    signal.throwIfAborted();
    report(at, some.length);
    const found = await readKnown(file, root, states, signal);
    if (!found) continue;
    known.push(found);
    if (asked.git) {
      const lines = await blameFile(root, found.file, signal);
      if (lines) dated.push({ ...found, lines });
    }
    if (asked.editor) await addTokens(spans, found);
  }
  // Language extensions find faults by themselves, some time after a file was opened: these come last.
  if (asked.editor) for (const file of known) addDiagnostics(spans, file);
  return {
    labels: [...spans.labels(), ...gitConcepts(dated)],
    notices: noticesOf(files.length, some.length, known.length, asked.git ? dated.length : null),
  };
}

function noticesOf(files: number, asked: number, known: number, dated: number | null): string[] {
  const all = formatCount(files);
  return [
    ...(asked < files
      ? [`Of ${all} files the first ${formatCount(asked)} were asked about in the editor and git.`]
      : []),
    ...(known < asked
      ? [
          `${formatCount(asked - known)} of ${formatCount(asked)} files have no labels of the editor or git: they changed since they were profiled, are of records, or are larger than 1 MiB.`,
        ]
      : []),
    ...(dated !== null && dated < known
      ? [`Git told nothing of ${formatCount(known - dated)} of ${formatCount(known)} files.`]
      : []),
  ];
}

/** @returns null for a file that is not what was profiled, or whose places are not those of its text */
async function readKnown(
  file: CorpusFile,
  root: string,
  states: FileStates,
  signal: AbortSignal,
): Promise<KnownFile | null> {
  if (file.bytes > LARGEST_FILE || (await states.stateOf(file)) !== 'same') return null;
  const path = join(root, file.file);
  try {
    const text = await readText(path, signal, () => undefined);
    const open = async function* () {
      yield await Promise.resolve(text);
    };
    const read = await chooseFormat(file.file, open, null);
    return read === plainText.read ? { file: file.file, path, text } : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function addTokens(spans: LabelSpans, { file, path, text }: KnownFile): Promise<void> {
  const uri = Uri.file(path);
  const open = await workspace.openTextDocument(uri).then(
    (document) => document,
    () => null,
  );
  if (!open || sameEnds(open.getText()) !== sameEnds(text)) return;
  const ask = <Answer>(command: string) =>
    Promise.race([
      commands.executeCommand<Answer | undefined>(command, uri).then(
        (answer) => answer,
        () => undefined,
      ),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LONGEST_ANSWER)),
    ]);
  const legend = await ask<SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend');
  const tokens = legend && (await ask<SemanticTokens>('vscode.provideDocumentSemanticTokens'));
  if (tokens) addSemanticTokens(spans, file, new Places(text, FILE_START), legend, tokens.data);
}

function addDiagnostics(spans: LabelSpans, { file, path, text }: KnownFile): void {
  const places = new Places(text, FILE_START);
  const offset = ({ line, character }: { readonly line: number; readonly character: number }) =>
    places.offsetOf({ line: line + 1, column: character + 1 });
  const diagnostics = languages
    .getDiagnostics(Uri.file(path))
    .map(({ severity, range }) => ({ severity, start: offset(range.start), end: offset(range.end) }))
    .sort((one, other) => one.start - other.start);
  for (const { severity, start, end } of diagnostics) {
    spans.add(`diagnostic: ${SEVERITIES[severity]}`, file, start, end);
  }
}

/** An editor turns the ends of lines of a file into one kind. */
function sameEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
