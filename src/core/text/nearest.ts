/** Where `sought` stands in a text, nearest to an offset: of two as near, before it. Null where it stands nowhere. */
export function nearestTo(text: string, sought: string, offset: number): number | null {
  const before = offset < 0 ? -1 : text.lastIndexOf(sought, offset);
  const after = text.indexOf(sought, offset);
  if (before < 0) return after < 0 ? null : after;
  if (after < 0) return before;
  return offset - before <= after - offset ? before : after;
}
