/** Strings, which stay as they are, and the numbers that Python writes and JSON does not have. Nothing here can fail to match and be tried again. */
const PIECES = /"[^"\\]*(?:\\.?[^"\\]*)*"?|-?\bInfinity\b|\bNaN\b/gs;

/**
 * Reads JSON as Python's `json` module does: with `NaN`, which becomes null, `Infinity` and `-Infinity`, and behind a
 * byte order mark.
 * @throws SyntaxError for anything else that is not JSON
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const standard = json.replace(PIECES, (piece) => (piece.startsWith('"') ? piece : standardNumber(piece)));
    if (standard === json) throw error;
    return JSON.parse(standard);
  }
}

/** A number that overflows is read as infinite. */
function standardNumber(piece: string): string {
  if (piece === 'NaN') return 'null';
  return piece.startsWith('-') ? '-1e999' : '1e999';
}
