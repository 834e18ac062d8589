import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '../../core/concepts/labels/labellers';

/** No template makes more of a few words. */
const LONGEST = 100_000;

/** A conversation as a chat template writes it. @throws whatever the template does, such as refusing a role. */
export function renderChat(template: string, messages: readonly ChatMessage[]): string {
  const rendered = new Template(template).render({
    messages,
    bos_token: '',
    eos_token: '',
    add_generation_prompt: false,
  });
  if (rendered.length > LONGEST) throw new RangeError('The template makes too much of a few words.');
  return rendered;
}
