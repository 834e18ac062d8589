import { describe, expect, it } from 'vitest';
import { UnfitText, type Tokenizer } from '../../../src/core/text/tokenizer';
import { fittingTokenizer } from '../../../src/runtime/profiling/fittingTokenizer';

/** One token a character, its code the id. */
const letters: Tokenizer = {
  sha256: '',
  vocabularySize: 1000,
  frame: { before: [], after: [] },
  tokenize: (text) =>
    Promise.resolve({
      ids: Uint32Array.from(text, (character) => character.charCodeAt(0)),
      starts: new Uint32Array(text.length),
      ends: new Uint32Array(text.length),
      special: new Uint8Array(text.length),
      unknown: new Uint8Array(text.length),
    }),
  pieceOf: (id) => String.fromCharCode(id),
};

describe('a tokenizer beside a model with fewer embeddings', () => {
  it('serves texts whose tokens the model knows', async () => {
    const tokens = await fittingTokenizer(letters, 123, 'tiny').tokenize('abcz');
    expect([...tokens.ids]).toEqual([97, 98, 99, 122]);
  });

  it('refuses the first token that the model does not know, naming both sides', async () => {
    const refused = fittingTokenizer(letters, 122, 'tiny').tokenize('abcz');
    await expect(refused).rejects.toBeInstanceOf(UnfitText);
    await expect(refused).rejects.toThrow(/token 122 \(“z”\).*tiny.*122 tokens.*tokenizer\.json/);
  });

  it('lets everything through where the embedding is not known', async () => {
    expect((await fittingTokenizer(letters, null, 'tiny').tokenize('ÿ')).ids[0]).toBe(255);
  });
});
