import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/core/common/parseJson';

describe('parseJson', () => {
  it("reads the numbers that Python's json writes and JSON does not have", () => {
    expect(parseJson('{"time_step_limit": [0.0, Infinity], "floor": -Infinity, "loss": NaN}')).toEqual({
      time_step_limit: [0, Infinity],
      floor: -Infinity,
      loss: null,
    });
  });

  it('leaves these words alone within strings, behind quotes and backslashes too', () => {
    const text = String.raw`{"a \" Infinity \\": "NaN, -Infinity \u0041 \\\"", "b": NaN}`;
    expect(parseJson(text)).toEqual({ 'a " Infinity \\': 'NaN, -Infinity A \\"', b: null });
  });

  it('reads behind a byte order mark', () => {
    expect(parseJson('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });

  it('gives what JSON.parse gives for any JSON, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
    for (const text of ['', '{', 'Infinit', '[NaN', '{"a": undefined}', '"NaN']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  it('ends soon on a long text that is no JSON, of quotes and backslashes', () => {
    expect(() => parseJson(`[NaN ${'"\\"'.repeat(500_000)}`)).toThrow();
    expect(() => parseJson(`[NaN "${'\\"'.repeat(500_000)}\\`)).toThrow();
  });
});
