import { LensError } from '../../common/errors';
import { formatCount } from '../../common/numberFormat';
import { nearestTo } from '../../text/nearest';
import { SLICE_LENGTH } from '../../text/slices';
import type { TextSpan } from '../../text/textSpan';
import type { LabelFamily } from '../labels/family';
import { Findings } from '../labels/findings';
import type { Labellers } from '../labels/labellers';
import type { LabelText } from '../labels/labelText';
import { findWords } from './findWords';
import type { SavedExceptions } from './conceptsFile';
import { conceptOf, flagsOf, type FileLabel, type FileLabels, type OwnConcept } from './ownConcept';

/** Labels that were read and do not fit the corpus. */
export interface Misaligned {
  readonly count: number;
  /** The first: where it stands, and why it does not fit. */
  readonly first: { readonly line: number; readonly reason: string };
}

/** The families with the user's own first. @throws LensError `usage` where two concepts have one name */
export function withOwn(own: OwnFamily, families: readonly LabelFamily[]): LabelFamily[] {
  const all = own.concepts.length === 0 && !own.corrects ? [...families] : [own, ...families];
  const names = new Set<string>();
  for (const { name } of all.flatMap(({ concepts }) => concepts)) {
    if (names.has(name)) {
      throw new LensError('usage', `Two concepts are called "${name}". Give yours another name.`);
    }
    names.add(name);
  }
  return all;
}

/** Own concepts without those whose names others have. @param notice is told of each that is left out: a sentence. */
export function withoutTaken(
  own: readonly OwnConcept[],
  families: readonly LabelFamily[],
  notice: (sentence: string) => void,
): OwnConcept[] {
  const taken = new Set(families.flatMap(({ concepts }) => concepts.map(({ name }) => name)));
  return own.filter(({ name }) => {
    const isTaken = taken.has(name);
    if (isTaken) notice(`Your concept "${name}" is left out: another has its name. Rename yours.`);
    taken.add(name);
    return !isTaken;
  });
}

/** The user's own concepts, and what the user says of others' labels. */
export class OwnFamily implements LabelFamily {
  readonly concepts;
  readonly corrects: boolean;
  private readonly own: readonly OwnConcept[];
  /** Expressions that did not come to an end. */
  private readonly endless = new Set<string>();
  private readonly misfits = new Map<string, Misaligned>();
  private readonly laid = new Set<FileLabel>();

  /** @param exceptions where the labels of other families' concepts are wrong. */
  constructor(own: readonly OwnConcept[], exceptions: readonly SavedExceptions[] = []) {
    this.concepts = own.map(conceptOf);
    this.corrects = exceptions.length > 0;
    this.own = [...own, ...exceptions.map(markedAlone)];
  }

  async find(text: LabelText, findings: Findings, labellers: Labellers): Promise<void> {
    for (const concept of this.own) {
      if (concept.kind === 'words') {
        for (const { start, end } of findWords(text.text, concept.words))
          findings.span(concept.name, start, end);
      } else if (concept.kind === 'regex') await this.search(concept, text, findings, labellers);
      else this.lay(concept.name, concept.labels, text, findings);
      if (concept.examples) this.lay(concept.name, concept.examples, text, findings);
      if (concept.counterExamples) this.except(concept.name, concept.counterExamples, text, findings);
    }
  }

  /** By concept, the labels that fit none of the documents read so far. */
  misaligned(): ReadonlyMap<string, Misaligned> {
    const all = new Map(this.misfits);
    for (const concept of this.own) {
      // The editor's labels are of the files as they are, and no line of a table is to be mended.
      if (concept.kind === 'labels' && (concept.source === 'editor' || concept.source === 'git')) continue;
      const { examples, counterExamples } = concept;
      const given = [concept.kind === 'labels' ? concept.labels : undefined, examples, counterExamples];
      for (const [file, labels] of given.flatMap((all) => [...(all ?? [])])) {
        const unread = labels.filter((label) => !this.laid.has(label));
        for (const { line } of unread)
          addMisfit(all, concept.name, line, `the profile has no such part of ${file}`);
      }
    }
    return all;
  }

  /** A sentence for each concept with labels that do not align. */
  misalignedSentences(): string[] {
    return [...this.misaligned()].map(([name, { count, first }]) => {
      const labels = count === 1 ? '1 label does not align' : `${formatCount(count)} labels do not align`;
      return `"${name}": ${labels}, the first on line ${first.line}: ${first.reason}.`;
    });
  }

  private async search(
    { name, pattern }: Extract<OwnConcept, { kind: 'regex' }>,
    { text, file }: LabelText,
    findings: Findings,
    labellers: Labellers,
  ): Promise<void> {
    if (this.endless.has(name)) return;
    const found = await labellers.search(text, pattern, flagsOf(pattern, name));
    if (found) for (const { start, end } of found) findings.span(name, start, end);
    else {
      this.endless.add(name);
      findings.drop(name, `the expression did not come to an end in time on ${file}`);
    }
  }

  /** What is marked as no example carries nothing. */
  private except(name: string, labels: FileLabels, text: LabelText, findings: Findings): void {
    const marked = new Findings();
    this.lay(name, labels, text, marked);
    findings.except(name, marked.spansOf(name));
  }

  private lay(name: string, labels: FileLabels, text: LabelText, findings: Findings): void {
    for (const label of labels.get(text.file) ?? []) {
      if (label.record !== null && label.record !== (text.record ?? 0)) continue;
      const { part } = label;
      if (part.kind === 'document') {
        this.laid.add(label);
        findings.span(name, 0, text.text.length);
      } else if (part.kind === 'lines') {
        text.lines.forEach((line, token) => {
          if (line < part.first || line > part.last) return;
          this.laid.add(label);
          findings.token(name, token);
        });
      } else this.laySpan(name, label, part.span, text, findings);
    }
  }

  private laySpan(
    name: string,
    label: FileLabel,
    span: TextSpan,
    { text, offsetBase }: LabelText,
    findings: Findings,
  ): void {
    const start = span.start - offsetBase;
    const end = span.end - offsetBase;
    // All slices but the last of a text are at least half full.
    const isLast = text.length < SLICE_LENGTH / 2;
    if (start < 0 || (start >= text.length && !(isLast && label.around))) return;
    const found = text.slice(start, end);
    if (end <= text.length && (label.text ?? found) === found) {
      this.laid.add(label);
      findings.span(name, start, end);
      return;
    }
    const moved = whereItMoved(text, start, label);
    if (moved === null && start >= text.length) return;
    this.laid.add(label);
    if (moved !== null) findings.span(name, moved, moved + label.text!.length);
    else {
      const reason = end > text.length ? 'it ends behind the text' : 'the text there reads otherwise';
      addMisfit(this.misfits, name, label.line, reason);
    }
  }
}

/** What is marked of a concept that is found elsewhere. */
function markedAlone(marked: SavedExceptions): OwnConcept {
  return { ...marked, kind: 'labels', source: 'labels', pattern: 'exceptions', labels: new Map() };
}

/** Where the text of a label stands between what was around it, nearest to where it stood; null where it does not. */
function whereItMoved(text: string, start: number, label: FileLabel): number | null {
  if (label.text === undefined || !label.around) return null;
  const [before, after] = label.around;
  const found = nearestTo(text, before + label.text + after, start - before.length);
  return found === null ? null : found + before.length;
}

function addMisfit(misfits: Map<string, Misaligned>, name: string, line: number, reason: string): void {
  const known = misfits.get(name);
  const first = known && known.first.line <= line ? known.first : { line, reason };
  misfits.set(name, { count: (known?.count ?? 0) + 1, first });
}
