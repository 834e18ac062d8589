import type { Concept } from '../concept';
import type { LabelFamily } from './family';

const ROLES: Readonly<Record<string, string>> = {
  system: 'what the system says',
  user: 'what the user says',
  human: 'what the user says',
  assistant: 'what the assistant says',
  model: 'what the assistant says',
};

/**
 * What begins a turn in the templates of common chat models (ChatML, Llama 3, Gemma, Phi and Zephyr, Llama 2), with its
 * role; and what ends one.
 */
const MARKERS =
  /<\|im_start\|>(\w{1,16})|<\|start_header_id\|>(\w{1,16})<\|end_header_id\|>|<start_of_turn>(\w{1,16})|<\|(system|user|assistant)\|>|<<(SYS)>>|(<<\/SYS>>|\[INST\])|(\[\/INST\])|<\|(?:im_end|eot_id|end|end_of_text)\|>|<end_of_turn>|<\/s>/g;

/** Who speaks, where a text is written in a chat template. */
export const chat: LabelFamily = {
  concepts: [...new Set(Object.values(ROLES))].map((name): Concept => ({
    name,
    family: 'chat',
    source: 'text',
  })),
  find({ text }, findings) {
    let role: string | undefined;
    let start = 0;
    const close = (end: number): void => {
      if (role !== undefined) findings.span(role, start, end);
    };
    for (const marker of text.matchAll(MARKERS)) {
      close(marker.index);
      const [, , , , , system, user, assistant] = marker;
      const named = marker.slice(1, 5).find(Boolean);
      role = ROLES[named ?? (system ? 'system' : user ? 'user' : assistant ? 'assistant' : '')];
      start = marker.index + marker[0].length;
    }
    close(text.length);
  },
};
