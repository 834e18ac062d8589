import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileKey, sliceKey, recordKey } from '../../../src/core/text/documentKey';

describe('document keys', () => {
  it('stand together by file, whatever the names', () => {
    const names = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', '.', '#', ' ', '\t', '!', '%', '@', '/', '2', 'é') }),
      {
        minLength: 2,
      },
    );
    fc.assert(
      fc.property(names, (files) => {
        const inOrder = [...files].sort((a, b) => (fileKey(a) < fileKey(b) ? -1 : 1));
        const keys = inOrder.flatMap((file) => [
          fileKey(file),
          sliceKey(fileKey(file), 2),
          sliceKey(fileKey(file), 10),
        ]);
        expect(keys).toEqual([...new Set(keys)].sort());
        const records = inOrder.flatMap((file) => [
          recordKey(file, 9),
          sliceKey(recordKey(file, 9), 2),
          recordKey(file, 10),
        ]);
        expect(records).toEqual([...new Set(records)].sort());
      }),
    );
  });
});
