import type { ChatMessage, ChatRole, Labellers } from './labellers';

/** What stands between the turns of a conversation. */
export interface TurnMarkers {
  /** Each marker is a group of its own; white space in one stands for any. */
  readonly expression: RegExp;
  /** Who speaks after each, in the order of the groups; null where nobody does. */
  readonly roles: readonly (ChatRole | null)[];
}

/** Said in the conversations that markers are read off, each once; letters that no template has. */
const saying = (number: number): string => `\u{E000}${String.fromCodePoint(0xe100 + number)}\u{E001}`;
/** Conversations in which every role follows every other that it may follow. Some templates know no system. */
const CONVERSATIONS: readonly (readonly ChatRole[])[] = [
  ['user', 'assistant', 'user', 'assistant'],
  ['system', 'user', 'assistant'],
];
/** A text that is longer than this is no marker. */
const LONGEST_MARKER = 2_000;

/**
 * Reads off a chat template what stands before, between and behind the turns: it is run on conversations whose words are
 * known.
 * @returns null where it cannot be run, or sets nothing between them
 */
export async function chatTurns(template: string, labellers: Labellers): Promise<TurnMarkers | null> {
  const roleOf = new Map<string, ChatRole | null>();
  for (const roles of CONVERSATIONS) {
    const messages = roles.map((role, number): ChatMessage => ({ role, content: saying(number) }));
    const rendered = await labellers.renderChat(template, messages);
    const between = rendered === null ? null : piecesBetween(rendered, messages);
    between?.forEach((piece, number) => {
      const marker = piece.trim();
      if (marker !== '' && marker.length <= LONGEST_MARKER && !roleOf.has(marker)) {
        roleOf.set(marker, roles[number] ?? null);
      }
    });
  }
  if (roleOf.size === 0) return null;
  const markers = [...roleOf].sort(([one], [other]) => other.length - one.length);
  return {
    expression: new RegExp(markers.map(([marker]) => `(${sourceOf(marker)})`).join('|'), 'g'),
    roles: markers.map(([, role]) => role),
  };
}

/** What stands before each message and behind the last; null where one of them is missing. */
function piecesBetween(rendered: string, messages: readonly ChatMessage[]): string[] | null {
  const pieces: string[] = [];
  let at = 0;
  for (const { content } of messages) {
    const found = rendered.indexOf(content, at);
    if (found < 0) return null;
    pieces.push(rendered.slice(at, found));
    at = found + content.length;
  }
  return [...pieces, rendered.slice(at)];
}

function sourceOf(marker: string): string {
  const words = marker.split(/\s+/).map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return words.join('\\s*');
}
