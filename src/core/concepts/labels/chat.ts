import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import type { Findings } from './findings';
import type { ChatRole, Labellers } from './labellers';
import type { LabelText } from './labelText';
import { chatTurns, type TurnMarkers } from './chatTurns';

const CONCEPTS: Readonly<Record<ChatRole, string>> = {
  system: 'what the system says',
  user: 'what the user says',
  assistant: 'what the assistant says',
};

/** Other names of roles. */
const ROLES: Readonly<Record<string, ChatRole>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
};

/**
 * What begins a turn in the templates of common chat models (ChatML, Llama 3, Gemma, Phi and Zephyr, Llama 2), with its
 * role; and what ends one.
 */
const MARKERS =
  /<\|im_start\|>(\w{1,16})|<\|start_header_id\|>(\w{1,16})<\|end_header_id\|>|<start_of_turn>(\w{1,16})|<\|(system|user|assistant)\|>|<<(SYS)>>|(<<\/SYS>>|\[INST\])|(\[\/INST\])|<\|(?:im_end|eot_id|end|end_of_text)\|>|<end_of_turn>|<\/s>/g;

/** Where a role begins to speak in a text; null where nobody does any more. */
interface Turn {
  readonly role: ChatRole | null;
  /** Where the marker begins and ends. */
  readonly start: number;
  readonly end: number;
}

/**
 * Who speaks, where a text is written in a chat template: the tokenizer's own where the text has its marks, else one of
 * the common ones.
 */
export class ChatFamily implements LabelFamily {
  readonly concepts = Object.values(CONCEPTS).map((name): Concept => ({
    name,
    family: 'chat',
    source: 'text',
  }));
  private own: Promise<TurnMarkers | null> | undefined;

  /** @param template the tokenizer's chat template, if it has one. */
  constructor(private readonly template: string | null) {}

  async find({ text }: LabelText, findings: Findings, labellers: Labellers): Promise<void> {
    if (this.template !== null) this.own ??= chatTurns(this.template, labellers);
    const own = (await this.own) ?? null;
    const turns = own ? ownTurns(text, own) : [];
    lay(turns.length > 0 ? turns : commonTurns(text), text, findings);
  }
}

function lay(turns: readonly Turn[], text: string, findings: Findings): void {
  turns.forEach(({ role, end }, i) => {
    if (role !== null) findings.span(CONCEPTS[role], end, turns[i + 1]?.start ?? text.length);
  });
}

function ownTurns(text: string, { expression, roles }: TurnMarkers): Turn[] {
  return Array.from(text.matchAll(expression), ({ index, 0: marker, ...groups }) => ({
    role: roles.find((_, group) => groups[group + 1] !== undefined) ?? null,
    start: index,
    end: index + marker.length,
  }));
}

function commonTurns(text: string): Turn[] {
  return Array.from(text.matchAll(MARKERS), (marker) => {
    const [, , , , , system, user, assistant] = marker;
    const named = marker.slice(1, 5).find(Boolean);
    const role = ROLES[named ?? (system ? 'system' : user ? 'user' : assistant ? 'assistant' : '')] ?? null;
    return { role, start: marker.index, end: marker.index + marker[0].length };
  });
}
