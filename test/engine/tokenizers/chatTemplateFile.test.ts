import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readChatTemplate } from '../../../src/runtime/tokenizers/chatTemplateFile';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-chat-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each<[string, Record<string, unknown>, string | null]>([
  ['a text', { 'tokenizer_config.json': { chat_template: 'A' } }, 'A'],
  [
    'the default of several',
    {
      'tokenizer_config.json': {
        chat_template: [
          { name: 'rag', template: 'B' },
          { name: 'default', template: 'A' },
        ],
      },
    },
    'A',
  ],
  [
    'a file of its own before all',
    { 'chat_template.jinja': 'J', 'tokenizer_config.json': { chat_template: 'A' } },
    'J',
  ],
  ['a processor’s file', { 'chat_template.json': { chat_template: 'P' }, 'tokenizer_config.json': {} }, 'P'],
  ['none', { 'tokenizer_config.json': { model_max_length: 512 } }, null],
  ['what is no JSON', { 'tokenizer_config.json': '{' }, null],
  ['what is no template', { 'tokenizer_config.json': { chat_template: 7 } }, null],
  ['nothing at all', {}, null],
])('a chat template is found beside the tokenizer: %s', async (name, files, template) => {
  const model = join(folder, name);
  await mkdir(model);
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(model, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  expect(await readChatTemplate(join(model, 'tokenizer.json'))).toBe(template);
});
