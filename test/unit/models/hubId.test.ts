import { expect, it } from 'vitest';
import { parseHubId, requireHubId } from '../../../src/runtime/models/hubId';

it.each([
  ['org/name', { id: 'org/name', revision: 'main' }],
  ['gpt2', { id: 'gpt2', revision: 'main' }],
  ['Org-1/na.me_2@refs/pr/3', { id: 'Org-1/na.me_2', revision: 'refs/pr/3' }],
])('reads %s', (text, named) => {
  expect(parseHubId(text)).toEqual(named);
  expect(requireHubId(text)).toEqual(named);
});

it.each([
  ...['', '/', 'org/', '/name', 'a/b/c', 'org name', 'org/name@', '@main', 'ürg/name', 'C:\\models\\a'],
  ...['..', '../name', 'org/..', './a', 'org/name@../../secret', 'org/name@a/../b', 'org/name@/etc/passwd'],
])('knows that %j names no model of the Hub', (text) => {
  expect(parseHubId(text)).toBeNull();
  expect(() => requireHubId(text)).toThrow('is no model of the Hub: write it as org/name');
});
