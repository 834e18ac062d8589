import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { neuronPage } from '../../../src/protocol/pages/neuron';
import { commonRequests } from '../../../src/protocol/pages/page';
import { selectionPage } from '../../../src/protocol/pages/selection';
import { neuronPageSchema } from '../../../src/protocol/neuronPageSchema';
import { neuronMessage, samplePage, selectionMessage } from '../../webview/messages';

const { neuron, examples, step, between, whole } = neuronPage.requests;

describe('what the host answers to a page', () => {
  it('comes through unchanged', () => {
    const shown = neuronMessage().answers.neuron;
    expect(v.parse(neuron.result, shown)).toEqual(shown);
    expect(v.parse(whole.result, samplePage)).toEqual(samplePage);
    const { random, bands } = samplePage.examples;
    expect(v.parse(examples.result, { random, bands })).toEqual({ random, bands });
    expect(v.parse(between.result, { examples: random, stored: 9 })).toEqual({ examples: random, stored: 9 });
    const { selection } = selectionMessage().answers;
    expect(v.parse(selectionPage.requests.selection.result, selection)).toEqual(selection);
  });

  it('may have a null for a number that is not finite', () => {
    const page = { ...samplePage, stats: { ...samplePage.stats, mean: null, skewness: null } };
    expect(v.is(neuronPageSchema, page)).toBe(true);
  });

  it('is refused with a value of another type, deep inside', () => {
    const page = structuredClone(samplePage) as unknown as {
      examples: { top: { context: { tokens: { value: unknown }[] } }[] };
    };
    page.examples.top[0]!.context.tokens[0]!.value = '<b>';
    expect(v.is(whole.result, page)).toBe(false);
    expect(v.is(examples.result, { top: page.examples.top })).toBe(false);
  });
});

describe('what a page asks of the host', () => {
  const place = { file: 'a', record: null, start: 1, end: 2, line: 1, column: 1, token: '' };

  it.each([
    ['a missing field', commonRequests.openPlace, { file: 'a.md' }],
    ['a negative offset', commonRequests.openPlace, { ...place, start: -1 }],
    ['a wrong choice', step, { to: 'sideways' }],
    ['a list that there is not', examples, { neuron: 'L0.N1', list: 'all' }],
    ['no limits', between, { neuron: 'L0.N1' }],
    ['no object', step, 'next'],
    ['nothing', step, null],
  ])('is refused with %s', (_, { params }, given) => {
    expect(v.is(params, given)).toBe(false);
  });

  it('is taken as it is otherwise', () => {
    expect(v.parse(commonRequests.openPlace.params, place)).toEqual(place);
    expect(v.parse(step.params, { to: 'next' })).toEqual({ to: 'next' });
  });
});
