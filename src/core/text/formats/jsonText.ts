import type { Places } from '../places';
import type { RecordText } from './records';

/**
 * The string literal of a JSON text that starts at `start`, as text with its way back.
 * @param placesOf gives the places of the JSON in its file.
 */
export function jsonStringAt(json: string, start: number, placesOf: () => Places): RecordText {
  const end = skipString(json, start);
  const text = JSON.parse(json.slice(start, end)) as string;
  let offsets: Uint32Array | null = null;
  const hasEscapes = text.length < end - start - 2;
  return {
    text,
    locate(offset) {
      if (!hasEscapes) return placesOf().at(start + 1 + offset);
      offsets ??= offsetsOf(json, start, text.length);
      return placesOf().at(offsets[offset]!);
    },
  };
}

/**
 * Where the value of an object's member starts, the last one where the key stands twice, as JSON.parse has it.
 * @param json valid JSON.
 * @param object where in it the object stands, white space before it allowed.
 */
export function memberStart(json: string, key: string, object = 0): number | null {
  let found: number | null = null;
  let position = skipSpace(json, skipSpace(json, object) + 1);
  while (json.charAt(position) === '"') {
    const keyEnd = skipString(json, position);
    const isKey = JSON.parse(json.slice(position, keyEnd)) === key;
    position = skipSpace(json, skipSpace(json, keyEnd) + 1);
    if (isKey) found = position;
    position = skipSpace(json, skipValue(json, position));
    if (json.charAt(position) === ',') position = skipSpace(json, position + 1);
  }
  return found;
}

/**
 * Where the elements of an array start.
 * @param json valid JSON. @param array where in it the array stands.
 */
export function* elementStarts(json: string, array: number): Generator<number> {
  let position = skipSpace(json, array + 1);
  while (json.charAt(position) !== ']') {
    yield position;
    position = skipSpace(json, skipValue(json, position));
    if (json.charAt(position) === ',') position = skipSpace(json, position + 1);
  }
}

export function skipSpace(json: string, position: number): number {
  let end = position;
  while (/[ \t\r\n]/.test(json.charAt(end))) end += 1;
  return end;
}

function skipString(json: string, start: number): number {
  let end = start + 1;
  while (json.charAt(end) !== '"') end += json.charAt(end) === '\\' ? 2 : 1;
  return end + 1;
}

function skipValue(json: string, start: number): number {
  const first = json.charAt(start);
  if (first === '"') return skipString(json, start);
  let position = start;
  if (first !== '{' && first !== '[') {
    while (/[^\s,}\]]/.test(json.charAt(position))) position += 1;
    return position;
  }
  let depth = 0;
  do {
    const character = json.charAt(position);
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    position = character === '"' ? skipString(json, position) : position + 1;
  } while (depth > 0);
  return position;
}

/** For each unit of a string literal's text, and for its end, where it stands in the JSON. */
function offsetsOf(json: string, start: number, length: number): Uint32Array {
  const offsets = new Uint32Array(length + 1);
  let position = start + 1;
  for (let unit = 0; unit < length; unit++) {
    offsets[unit] = position;
    if (json.charAt(position) !== '\\') position += 1;
    else position += json.charAt(position + 1) === 'u' ? 6 : 2;
  }
  offsets[length] = position;
  return offsets;
}
