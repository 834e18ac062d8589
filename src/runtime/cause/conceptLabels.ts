import { LensError } from '../../core/common/errors';
import { documentsOf } from '../../core/concepts/conceptTexts';
import { readConcepts } from '../../core/concepts/conceptsAnnex';
import { labelDocument } from '../../core/concepts/labelledCorpus';
import { onlyConcepts, type LabelFamily } from '../../core/concepts/labels/family';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { SavedExceptions } from '../../core/concepts/own/conceptsFile';
import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../core/concepts/own/ownFamily';
import { StoredProfile } from '../../core/profile/storedProfile';
import type { SourceDocument } from '../../core/text/document';
import type { TokenizedText } from '../../core/text/tokens';
import { deflate } from '../files/deflate';
import { FolderStore } from '../files/folderStore';
import { LanguageThread } from '../language/languageThread';
import { readSavedConcepts } from '../profiling/ownLabels';
import { readChatTemplate } from '../tokenizers/chatTemplateFile';

/** Which concept, tested on which profile. */
export interface ConceptAsked {
  readonly name: string;
  /** Of the profile. */
  readonly folder: string;
  /** Path of the bundled languageWorker.ts. */
  readonly languageProgram: string;
}

/** Lays a concept that was tested on a profile on the tokens of other texts, as it was laid on the profile's. */
export class ConceptLabels {
  private constructor(
    private readonly families: readonly LabelFamily[],
    private readonly labellers: LanguageThread,
    readonly name: string,
  ) {}

  /**
   * @throws LensError `not-found` for a concept that was not tested there, `usage` for one that was refused
   */
  static async open(
    { name, folder, languageProgram }: ConceptAsked,
    tokenizerPath: string,
    signal: AbortSignal,
  ): Promise<ConceptLabels> {
    const { own, exceptions, files } = await testedConcept(folder, name, signal);
    const template = await readChatTemplate(tokenizerPath);
    const all = withOwn(new OwnFamily(own, exceptions), starterSet(files, template));
    return new ConceptLabels(onlyConcepts(all, [name]), new LanguageThread(languageProgram), name);
  }

  /**
   * @param window tokens of a window, each of which begins where the one before ends
   * @returns [tokens] 1 where a token carries the concept
   */
  async carriers(document: SourceDocument, tokens: TokenizedText, window: number): Promise<Uint8Array> {
    const { file, record, text, offsetBase, locate } = document;
    const member = {
      ...{ file, record, text, offsetBase, tokens },
      lines: tokens.starts.map((start) => locate(start).line),
      windowPositions: tokens.ids.map((_, token) => token % window),
    };
    const { laid, dropped } = await labelDocument(member, this.families, this.labellers);
    const reason = dropped.get(this.name);
    if (reason !== undefined) {
      throw new LensError('usage', `The concept “${this.name}” cannot be laid on ${file}: ${reason}.`);
    }
    const carriers = new Uint8Array(tokens.ids.length);
    for (const token of laid[0]!.tokens) carriers[token] = 1;
    return carriers;
  }

  /** What is to be said of the labels; null where all is well. */
  get notice(): string | null {
    const { abandoned } = this.labellers;
    return abandoned === 0
      ? null
      : `${abandoned} texts were not read to their end by what labels languages: “${this.name}” may be missing there.`;
  }

  end(): Promise<void> {
    return this.labellers.end();
  }
}

interface TestedConcept {
  /** The concept where it is of the user's own, and none where it is of the starter set. */
  readonly own: readonly OwnConcept[];
  readonly exceptions: readonly SavedExceptions[];
  /** Of the documents that it was tested on, by which some of the starter set are chosen. */
  readonly files: readonly string[];
}

async function testedConcept(folder: string, name: string, signal: AbortSignal): Promise<TestedConcept> {
  const store = new FolderStore(folder);
  try {
    const stored = await StoredProfile.open(store, deflate);
    const results = await readConcepts(store, stored.manifest);
    const tested = results?.concepts.find((concept) => concept.name === name);
    if (!tested) {
      const names = results?.concepts.map((concept) => `“${concept.name}”`).join(', ');
      throw new LensError(
        'not-found',
        `The concept “${name}” was not tested on ${folder}. ` +
          (names === undefined
            ? `Test concepts first: neuron-lens concepts ${folder}`
            : `There are: ${names}.`),
      );
    }
    if (tested.refused !== null) {
      throw new LensError('usage', `The concept “${name}” has no figures on ${folder}: ${tested.refused}.`);
    }
    const saved = await readSavedConcepts(folder, () => undefined, signal);
    const { exceptions } = saved;
    const files = (await documentsOf(stored)).map(({ file }) => file);
    const own = saved.concepts.filter((concept) => concept.name === name);
    if (own.length > 0 || tested.source !== 'regex' || tested.pattern === undefined)
      return { own, exceptions, files };
    return { own: [{ kind: 'regex', name, pattern: tested.pattern }], exceptions, files };
  } finally {
    await store.close();
  }
}
