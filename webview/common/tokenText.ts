import { html, type TemplateResult } from 'lit';
import type { ShownToken } from '../../src/core/stats/strongestTokens';

/** A longer token is shown by its two ends, so that a hostile file cannot stall the page. */
const LONGEST_SHOWN = 400;
const KEPT_AT_EACH_END = 160;
const WHITE_SPACE = /[\n\r\t]|^\s+$/;
/** Such as the space that does not break. */
const OTHER_SPACES = /[^\S \t\r\n]/g;

/** A token's text with its middle left out where it is very long. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text;
  return `${text.slice(0, KEPT_AT_EACH_END)} … ${text.slice(-KEPT_AT_EACH_END)}`;
}

/** Line ends and tabs as signs, for labels read aloud or shown in one line. */
export function withVisibleBreaks(text: string): string {
  return text.replace(/\r\n|\n|\r/g, '⏎').replace(/\t/g, '⇥');
}

/**
 * The text of a token with white space made visible: `⏎`, `⇥`, and in a token of spaces only `·` per space and `⍽` per
 * space of another kind.
 * @param breakLines also break the line after `⏎`
 */
export function visibleText(text: string, breakLines = false): (TemplateResult | string)[] {
  const shown = withVisibleBreaks(shortened(text));
  if (text === '') return [sign('∅')];
  if (!WHITE_SPACE.test(shortened(text))) return [shown];
  if (/^\s+$/.test(shown)) return [sign(visibleSpaces(shown))];
  return shown
    .split(/([⏎⇥])/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part === '⏎') return breakLines ? html`${sign(part)}<br />` : sign(part);
      return part === '⇥' ? sign(part) : part;
    });
}

/** Text between tokens: as it is, but for line ends and tabs, which are signs. */
export function betweenTokens(text: string): (TemplateResult | string)[] {
  return /^ *$/.test(text) ? [text] : visibleText(text, true);
}

function visibleSpaces(text: string): string {
  return text.replace(/ /g, '·').replace(OTHER_SPACES, '⍽');
}

/** A token by itself in running text: spaces as `·`, of another kind as `⍽`, cut by its box where it is long. */
export function tokenChip(text: string): TemplateResult {
  const shown = visibleSpaces(withVisibleBreaks(shortened(text)));
  return html`<span class="chip" dir="auto" title=${shown}>${shown === '' ? '∅' : shown}</span>`;
}

/** Some tokens by themselves, by their ids where the profile keeps no text. */
export function tokenChips(tokens: readonly ShownToken[]): (TemplateResult | string)[] {
  return tokens.flatMap(({ token, tokenId }, at) => {
    const chip = tokenChip(token === '' ? `#${tokenId}` : token);
    return at === 0 ? [chip] : [' ', chip];
  });
}

function sign(text: string): TemplateResult {
  return html`<span class="white-space">${text}</span>`;
}
