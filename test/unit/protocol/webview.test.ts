import { describe, expect, it } from 'vitest';
import { readMessageToHost, readMessageToWebview } from '../../../src/protocol/webview';
import { neuronMessage, samplePage, selectionMessage } from '../../webview/messages';

describe('messages between the host and its pages', () => {
  it('let the pages of the fixtures through unchanged', () => {
    expect(readMessageToWebview(neuronMessage())).toEqual(neuronMessage());
    expect(readMessageToWebview(selectionMessage())).toEqual(selectionMessage());
  });

  it('take a null for a number that is not finite', () => {
    const page = { ...samplePage, stats: { ...samplePage.stats, mean: null, skewness: null } };
    expect(readMessageToWebview(neuronMessage(page))).not.toBeNull();
  });

  it.each([
    ['another version', { v: 2, type: 'ready' }],
    ['an unknown type', { v: 1, type: 'format-disk' }],
    ['a missing field', { v: 1, type: 'openPlace', file: 'a.md' }],
    [
      'a negative offset',
      { v: 1, type: 'openPlace', file: 'a', record: null, start: -1, end: 2, line: 1, column: 1, token: '' },
    ],
    ['a wrong choice', { v: 1, type: 'step', to: 'sideways' }],
    ['no object', 'ready'],
    ['nothing', null],
  ])('refuse %s', (_, message) => {
    expect(readMessageToHost(message)).toBeNull();
  });

  it('refuse a page with a value of another type, deep inside', () => {
    const message = structuredClone(neuronMessage()) as unknown as {
      page: { examples: { top: { context: { tokens: { value: unknown }[] } }[] } };
    };
    message.page.examples.top[0]!.context.tokens[0]!.value = '<b>';
    expect(readMessageToWebview(message)).toBeNull();
  });
});
