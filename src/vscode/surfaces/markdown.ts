import { MarkdownString } from 'vscode';
import { forMarkdown, inOneLine } from '../../core/common/foreignText';

/** Markdown of ours, which needs no escapes: only what this file makes is. */
export class Markdown {
  constructor(readonly source: string) {}
}

/** Markdown with places to fill in: what is filled in stays text, unless it is Markdown itself. */
export function filled(
  pieces: TemplateStringsArray,
  ...parts: readonly (string | number | Markdown)[]
): Markdown {
  const source = pieces.map((piece, index) => {
    const part = parts[index];
    if (part === undefined) return piece;
    return piece + (part instanceof Markdown ? part.source : forMarkdown(String(part)));
  });
  return new Markdown(source.join(''));
}

/** Pieces of Markdown, one after the other. */
export function joined(pieces: readonly Markdown[], separator = ''): Markdown {
  return new Markdown(pieces.map(({ source }) => source).join(separator));
}

/** Text as code, on one line. */
export function inlineCode(text: string): Markdown {
  const shown = inOneLine(text);
  // A run of backticks longer than any in the text encloses it safely; one can only be as long as the text.
  const fence = '`'.repeat(shown.includes('`') ? shown.length + 1 : 1);
  return new Markdown(shown.includes('`') ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`);
}

/**
 * A link that runs a command.
 * @param command without the prefix `neuronLens.`
 */
export function commandLink(label: string, command: string, argument?: object): Markdown {
  const query = argument === undefined ? '' : `?${queryOf(argument)}`;
  return new Markdown(`[${forMarkdown(label)}](command:neuronLens.${command}${query})`);
}

/** What the editor shows in a hover, with links that may run the named commands and no others. */
export function hoverText({ source }: Markdown, commands: readonly string[]): MarkdownString {
  const text = new MarkdownString('', true);
  text.appendMarkdown(source);
  text.isTrusted = { enabledCommands: commands.map((command) => `neuronLens.${command}`) };
  return text;
}

/**
 * An argument as the editor reads it back from a link: it undoes percent-escapes twice, so that a path with `%41` in it
 * needs them twice; brackets would end the link.
 */
function queryOf(argument: object): string {
  const once = encodeURIComponent(JSON.stringify([argument]));
  return encodeURIComponent(once).replace(/[!'()*]/g, percentEscape);
}

function percentEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
