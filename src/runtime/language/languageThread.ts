import { Worker } from 'node:worker_threads';
import { LensError } from '../../core/common/errors';
import type { TextSpan } from '../../core/text/textSpan';
import type { CodeLanguage } from '../../core/concepts/labels/fileType';
import type {
  ChatMessage,
  CodeSpan,
  Labellers,
  MarkupSpan,
  TaggedText,
} from '../../core/concepts/labels/labellers';

/** What the thread is asked. */
export type LanguageQuestion =
  | { readonly kind: 'tag' | 'markup'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string; readonly language: CodeLanguage }
  | { readonly kind: 'chat'; readonly template: string; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'search'; readonly text: string; readonly pattern: string; readonly flags: string };

export type LanguageAnswer = { readonly result: unknown } | { readonly error: string };

/** A document is at most 262,144 units, which take a second or two; on a busy machine ten times that. */
const LONGEST_ANSWER = 30_000;
/** A regular expression takes a document milliseconds, unless it tries the same again and again; so does a template. */
const LONGEST_SEARCH = 10_000;

/**
 * The libraries that read languages, on a thread of their own: some hostile texts take them minutes, and then the thread
 * is ended and begun anew.
 */
export class LanguageThread implements Labellers {
  private worker: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();
  /** Texts that were given up. */
  abandoned = 0;

  /** @param program path of the bundled languageWorker.ts. */
  constructor(
    private readonly program: string,
    private readonly longestAnswer = LONGEST_ANSWER,
    private readonly longestSearch = LONGEST_SEARCH,
  ) {}

  tag(text: string): Promise<TaggedText | null> {
    return this.ask({ kind: 'tag', text }) as Promise<TaggedText | null>;
  }

  parseCode(text: string, language: CodeLanguage): Promise<readonly CodeSpan[] | null> {
    return this.ask({ kind: 'code', text, language }) as Promise<readonly CodeSpan[] | null>;
  }

  parseMarkup(text: string): Promise<readonly MarkupSpan[] | null> {
    return this.ask({ kind: 'markup', text }) as Promise<readonly MarkupSpan[] | null>;
  }

  async search(text: string, pattern: string, flags: string): Promise<readonly TextSpan[] | null> {
    const found = await this.ask({ kind: 'search', text, pattern, flags });
    // It is the expression that is given up then, and not the text.
    if (found === null) this.abandoned -= 1;
    return found as TextSpan[] | null;
  }

  async renderChat(template: string, messages: readonly ChatMessage[]): Promise<string | null> {
    const rendered = await this.ask({ kind: 'chat', template, messages });
    // It is the template that is given up then, and no text.
    if (rendered === null) this.abandoned -= 1;
    return rendered as string | null;
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  /** One question at a time. @returns null when the answer did not come in time */
  private ask(question: LanguageQuestion): Promise<unknown> {
    const asked = this.last.then(() => this.answerTo(question));
    this.last = asked.catch(() => undefined);
    return asked;
  }

  private async answerTo(question: LanguageQuestion): Promise<unknown> {
    const worker = (this.worker ??= this.begin());
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<LanguageAnswer | null>((resolve, reject) => {
        const isBrief = question.kind === 'search' || question.kind === 'chat';
        const limit = isBrief ? this.longestSearch : this.longestAnswer;
        timer = setTimeout(() => resolve(null), limit);
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage(question);
      });
      if (answer !== null && 'result' in answer) return answer.result;
      if (answer === null) await this.end();
    } catch (error) {
      this.worker = null;
      if (isMissing(error)) {
        throw new LensError('internal', 'The program that labels languages is missing. Install it again.', {
          cause: error,
        });
      }
    } finally {
      clearTimeout(timer);
      worker.removeAllListeners('message').removeAllListeners('error');
    }
    this.abandoned += 1;
    return null;
  }

  private begin(): Worker {
    const worker = new Worker(this.program, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    worker.unref();
    return worker;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
