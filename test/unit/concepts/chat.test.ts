import { describe, expect, it } from 'vitest';
import { ChatFamily } from '../../../src/core/concepts/labels/chat';
import type { Labellers } from '../../../src/core/concepts/labels/labellers';
import { renderChat } from '../../../src/runtime/language/chatTemplate';
import { carriers, labelText, SILENT } from './labelText';

/** Runs templates as the language thread does. */
const labellers: Labellers = {
  ...SILENT,
  renderChat: (template, messages) => {
    try {
      return Promise.resolve(renderChat(template, messages));
    } catch {
      return Promise.resolve(null);
    }
  },
};

const WHO = ['system', 'user', 'assistant'] as const;
async function said(template: string, text: string): Promise<Record<string, string>> {
  const family = new ChatFamily(template);
  const all = WHO.map(async (who) => [
    who,
    await carriers(labelText(text), family, `what the ${who} says`, labellers),
  ]);
  return Object.fromEntries((await Promise.all(all)) as [string, string][]);
}

/** Of models that are no longer than a line or two; the words between `[` and `]` are marks. */
const TEMPLATES = {
  'of Mistral, whose user has the marks': {
    template:
      "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles') }}{% endif %}{% endfor %}",
    text: '<s>[INST] why so [/INST]because</s>[INST] and then [/INST]nothing',
    said: { system: '', user: 'why so and then', assistant: 'because < / s > nothing' },
  },
  'of Vicuna, which marks roles by words': {
    template:
      "{% if messages[0]['role'] == 'system' %}{{ messages[0]['content'] + ' ' }}{% set loop_messages = messages[1:] %}{% else %}{% set loop_messages = messages %}{% endif %}{% for message in loop_messages %}{% if message['role'] == 'user' %}{{ 'USER: ' + message['content'] | trim + ' ' }}{% else %}{{ 'ASSISTANT: ' + message['content'] | trim + eos_token }}{% endif %}{% endfor %}",
    text: 'USER: who are you ASSISTANT: a ferry USER: of which harbour ASSISTANT: Harwich',
    said: { system: '', user: 'who are you of which harbour', assistant: 'a ferry Harwich' },
  },
  'of ChatML, whose turns end': {
    template:
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}",
    text: '<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\nso<|im_end|>\nafter it',
    said: { system: 'be brief', user: 'why', assistant: 'so' },
  },
  'that is known nowhere': {
    template: '{% for m in messages %}§{{ m.role | upper }}§ {{ m.content }} ¶{% endfor %}',
    text: '§SYSTEM§ be brief ¶§USER§ why ¶§ASSISTANT§ so ¶ after',
    said: { system: 'be brief', user: 'why', assistant: 'so' },
  },
} as const;

describe('who speaks is read off a chat template', () => {
  it.each(Object.entries(TEMPLATES))('%s', async (_, { template, text, said: wanted }) => {
    expect(await said(template, text)).toEqual(wanted);
  });

  it('or off the marks of common ones, where the text has none of its own or it cannot be run', async () => {
    const text = '<start_of_turn>user\nwhy<end_of_turn>\n<start_of_turn>model\nso<end_of_turn>';
    const wanted = { system: '', user: 'why', assistant: 'so' };
    expect(await said(TEMPLATES['that is known nowhere'].template, text)).toEqual(wanted);
    for (const broken of ['{% for %}', '{{ raise_exception("no") }}', 'always the same', '']) {
      expect(await said(broken, text)).toEqual(wanted);
    }
  });

  it('and nobody does in plain text', async () => {
    const [template] = Object.values(TEMPLATES).map((one) => one.template);
    expect(await said(template!, 'The user says why [sic] to an assistant.')).toEqual({
      system: '',
      user: '',
      assistant: '',
    });
  });
});
