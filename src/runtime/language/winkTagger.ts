import model from 'wink-eng-lite-web-model';
import winkNlp, { type ItsFunction, type WinkMethods } from 'wink-nlp';
import type { TaggedText } from '../../core/concepts/labels/labellers';
import { breakRuns } from './longRuns';

/** Units of text after which the instance is made anew: it keeps every word that it ever met. */
const RENEWED_AFTER = 4_000_000;

/** The properties of tokens and sentences that are asked for, by wink-nlp's names. */
interface Properties {
  readonly pos: ItsFunction<string>;
  readonly lemma: ItsFunction<string>;
  readonly negationFlag: ItsFunction<boolean>;
  readonly span: ItsFunction<number[]>;
  readonly sentiment: ItsFunction<number>;
}

/** Reads English with wink-nlp: parts of speech, lemmas, negation, sentiment. */
export class WinkTagger {
  private wink: WinkMethods | null = null;
  private unitsRead = 0;

  tag(text: string): TaggedText {
    if (this.wink === null || this.unitsRead > RENEWED_AFTER) {
      this.wink = winkNlp(model, ['sbd', 'negation', 'sentiment', 'pos']);
      this.unitsRead = 0;
    }
    this.unitsRead += text.length;
    const its = this.wink.its as unknown as Properties;
    const { broken, originalOf } = breakRuns(text);
    const document = this.wink.readDoc(broken);
    const tokens = document.tokens();
    const of = <Value>(property: ItsFunction<Value>): Value[] => tokens.out(property) as Value[];
    const lemmas = of(its.lemma);
    const negated = of(its.negationFlag);
    const bounds = boundsOf(tokens.out(), broken, originalOf);
    const sentences = document.sentences();
    const spans = sentences.out(its.span) as number[][];
    const sentiments = sentences.out(its.sentiment) as number[];
    return {
      words: of(its.pos).map((upos, token) => ({
        ...bounds[token]!,
        upos,
        lemma: lemmas[token]!,
        negated: negated[token]!,
      })),
      sentences: spans.map(([first, last], sentence) => ({
        start: bounds[first!]!.start,
        end: bounds[last!]!.end,
        sentiment: sentiments[sentence]!,
      })),
    };
  }
}

/** Tokens keep their spelling and order, so each is found behind the one before. */
function boundsOf(
  tokens: readonly string[],
  text: string,
  originalOf: (offset: number) => number,
): { start: number; end: number }[] {
  let reached = 0;
  return tokens.map((token) => {
    const found = text.indexOf(token, reached);
    if (found < 0) return { start: originalOf(reached), end: originalOf(reached) };
    reached = found + token.length;
    return { start: originalOf(found), end: originalOf(reached) };
  });
}
