/**
 * Where a key takes the cursor in a row of things: the arrows by one, Home and End to its ends.
 * @param cursor −1 where it is on none
 * @param last index of the last thing
 * @returns undefined for other keys, and with Alt, which goes from page to page
 */
export function cursorAfter(
  { key, altKey }: Pick<KeyboardEvent, 'key' | 'altKey'>,
  cursor: number,
  last: number,
): number | undefined {
  if (altKey) return undefined;
  return {
    ArrowLeft: Math.max(0, cursor - 1),
    ArrowRight: Math.min(last, cursor + 1),
    Home: 0,
    End: last,
  }[key];
}
