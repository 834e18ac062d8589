import type { Example } from './neuronPage';

/** Whether a profile kept the text of an example: one that was made with --no-text only knows places. */
export function hasText({ context }: Pick<Example, 'context'>): boolean {
  return context.text !== '' || context.end === context.start;
}
