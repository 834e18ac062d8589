/** The thread that reads languages: the libraries are loaded here when the first text of their kind comes, and nowhere else. */
import { parentPort } from 'node:worker_threads';
import type { TextSpan } from '../../core/text/textSpan';
import type { LanguageAnswer, LanguageQuestion } from './languageThread';
import type { WinkTagger } from './winkTagger';

let tagger: WinkTagger | undefined;

async function answer(question: LanguageQuestion): Promise<unknown> {
  if (question.kind === 'tag') {
    tagger ??= new (await import('./winkTagger')).WinkTagger();
    return tagger.tag(question.text);
  }
  if (question.kind === 'search')
    return matchesOf(question.text, new RegExp(question.pattern, question.flags));
  if (question.kind === 'chat') {
    const { renderChat } = await import('./chatTemplate');
    return renderChat(question.template, question.messages);
  }
  const parsers = await import('./parsers');
  return question.kind === 'code'
    ? parsers.parseCode(question.text, question.language)
    : parsers.parseMarkup(question.text);
}

function matchesOf(text: string, expression: RegExp): TextSpan[] {
  return Array.from(text.matchAll(expression), ({ index, 0: match }) => ({
    start: index,
    end: index + match.length,
  }));
}

parentPort?.on('message', (question: LanguageQuestion) => {
  answer(question).then(
    (result) => parentPort?.postMessage({ result } satisfies LanguageAnswer),
    (error: unknown) => parentPort?.postMessage({ error: String(error) } satisfies LanguageAnswer),
  );
});
