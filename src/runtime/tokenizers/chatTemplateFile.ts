import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { readRegularFile } from '../files/regularFile';

/** Templates have a few thousand characters; configurations that list many tokens some megabytes. */
const MOST_BYTES = 64 * 2 ** 20;

/** In files of one template it is a text, in those of several a list, of which one is called `default`. */
const config = v.object({
  chat_template: v.union([
    v.string(),
    v.array(v.object({ name: v.string(), template: v.string() })),
    v.record(v.string(), v.string()),
  ]),
});

/**
 * The chat template beside a tokenizer.json, as transformers looks for it: a file of its own, or a field of the
 * tokenizer's configuration. @returns null where there is none that can be read: nothing but some labels rests on it.
 */
export async function readChatTemplate(tokenizerPath: string): Promise<string | null> {
  const folder = dirname(tokenizerPath);
  const own = await readIfThere(join(folder, 'chat_template.jinja'));
  if (own !== null) return own;
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    const text = await readIfThere(join(folder, name));
    const found = text === null ? null : templateIn(text);
    if (found !== null) return found;
  }
  return null;
}

async function readIfThere(path: string): Promise<string | null> {
  const bytes = await readRegularFile(path, MOST_BYTES, '').catch(() => null);
  return bytes?.toString('utf8') ?? null;
}

function templateIn(text: string): string | null {
  try {
    const read = v.safeParse(config, JSON.parse(text));
    if (!read.success) return null;
    const { chat_template: given } = read.output;
    if (typeof given === 'string') return given;
    const named = Array.isArray(given)
      ? given.map(({ name, template }) => [name, template] as const)
      : Object.entries(given);
    return (named.find(([name]) => name === 'default') ?? named[0])?.[1] ?? null;
  } catch {
    return null;
  }
}
