import type { TokenizedText } from '../../text/tokens';
import type { TextSpan } from '../../text/textSpan';

/** What was found of concepts in one document, by their names: spans of its text, or tokens by themselves. */
export class Findings {
  private readonly spans = new Map<string, TextSpan[]>();
  private readonly tokens = new Map<string, number[]>();
  private readonly exceptions = new Map<string, readonly TextSpan[]>();
  /** Concepts that are given up, with the reason as a clause. */
  readonly dropped = new Map<string, string>();

  /** A stretch of the text `[start, end)` carries a concept. */
  span(name: string, start: number, end: number): void {
    if (end > start) addTo(this.spans, name, { start, end });
  }

  /** Every match of an expression (with the flag g) carries a concept. */
  matches(name: string, text: string, expression: RegExp): void {
    for (const { index, 0: match } of text.matchAll(expression)) this.span(name, index, index + match.length);
  }

  /** A token carries a concept whatever characters it has. */
  token(name: string, token: number): void {
    addTo(this.tokens, name, token);
  }

  /** Spans that do not carry a concept, whatever else was found. */
  except(name: string, spans: readonly TextSpan[]): void {
    this.exceptions.set(name, spans);
  }

  spansOf(name: string): readonly TextSpan[] {
    return this.spans.get(name) ?? [];
  }

  /** A concept cannot be found, here or elsewhere. */
  drop(name: string, reason: string): void {
    this.dropped.set(name, reason);
  }

  /** The tokens that carry a concept, ascending. */
  labelsOf(name: string, layout: TokenLayout): LaidLabels {
    const laid = layout.lay(this.spansOf(name));
    const tokens = this.tokens.get(name);
    const exceptions = this.exceptions.get(name);
    if (!tokens && !exceptions) return laid;
    const carriers = new Set([...laid.tokens, ...(tokens ?? [])]);
    for (const token of layout.lay(exceptions ?? []).tokens) carriers.delete(token);
    return { tokens: Uint32Array.from(carriers).sort(), split: laid.split };
  }
}

/** Labels on tokens. */
export interface LaidLabels {
  /** Tokens that carry the label, ascending. */
  readonly tokens: Uint32Array;
  /** How many tokens a span covers in part only, whether they carry the label or not. */
  readonly split: number;
}

/** The tokens of a text, ready to have spans of it laid on them. */
export class TokenLayout {
  /** [units + 1] how many units before each are no white space. */
  private readonly visible: Uint32Array;

  constructor(
    text: string,
    private readonly tokens: Pick<TokenizedText, 'starts' | 'ends'>,
  ) {
    this.visible = new Uint32Array(text.length + 1);
    for (let unit = 0; unit < text.length; unit++) {
      this.visible[unit + 1] = this.visible[unit]! + (isWhiteSpace(text.charCodeAt(unit)) ? 0 : 1);
    }
  }

  /**
   * A token carries a label where spans cover at least half of its characters other than white space (of a token of
   * white space alone, half of all).
   */
  lay(spans: readonly TextSpan[]): LaidLabels {
    const merged = mergeSpans(spans);
    const labelled: number[] = [];
    let split = 0;
    let first = 0;
    for (let token = 0; token < this.tokens.starts.length && first < merged.length; token++) {
      const start = this.tokens.starts[token]!;
      const end = this.tokens.ends[token]!;
      while (first < merged.length && merged[first]!.end <= start) first += 1;
      const count =
        this.visible[end] === this.visible[start] ? (at: number) => at : (at: number) => this.visible[at]!;
      const size = count(end) - count(start);
      let covered = 0;
      for (let i = first; i < merged.length && merged[i]!.start < end; i++) {
        covered += count(Math.min(end, merged[i]!.end)) - count(Math.max(start, merged[i]!.start));
      }
      if (covered === 0) continue;
      if (2 * covered >= size) labelled.push(token);
      if (covered < size) split += 1;
    }
    return { tokens: Uint32Array.from(labelled), split };
  }
}

/** Spans in order of their starts, those that overlap or touch as one. */
function mergeSpans(spans: readonly TextSpan[]): TextSpan[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function isWhiteSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return /\s/.test(String.fromCharCode(unit));
}

function addTo<Item>(lists: Map<string, Item[]>, name: string, item: Item): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}
