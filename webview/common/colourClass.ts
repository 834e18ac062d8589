import { colourRange, colourStep, type ColourScale } from '../../src/core/common/colourScale';
import type { Example } from '../../src/core/profile/neuronPage';

/** How the tokens of a page are coloured: one range for the page, or each example by its own largest value. */
export type ColourChoice = ColourScale | 'example';

/** Class of a value on the diverging scale: `p1` … `p8` orange, `n1` … `n8` blue, `zero` without colour. */
export function colourClass(value: number | null, range: number, scale: ColourScale): string {
  const step = colourStep(value, range, scale);
  if (step === 0) return 'zero';
  return step > 0 ? `p${step}` : `n${-step}`;
}

/** R for one example under a choice. */
export function rangeFor(example: Example, pageRange: number, choice: ColourChoice): number {
  if (choice !== 'example') return pageRange;
  const values = example.context.tokens.map((token) => token.value ?? 0);
  return colourRange(Math.min(example.value, ...values), Math.max(example.value, ...values));
}

export function scaleOf(choice: ColourChoice): ColourScale {
  return choice === 'square-root' ? 'square-root' : 'linear';
}
