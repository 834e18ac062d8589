import { svg } from 'lit';

const PIPS = [
  [5.5, 5.5],
  [10.5, 5.5],
  [8, 8],
  [5.5, 10.5],
  [10.5, 10.5],
] as const;

/** A die: codicons have none. */
export const dieIcon = svg`<svg class="die" viewBox="0 0 16 16" aria-hidden="true">
  <rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="none" stroke="currentColor"></rect>
  ${PIPS.map(([x, y]) => svg`<circle cx=${x} cy=${y} r="1" fill="currentColor"></circle>`)}
</svg>`;
