import type { FormatOptions, FoundText } from './format';
import { jsonStringAt, memberStart, skipSpace } from './jsonText';
import { recordParts } from './records';
import type { RawRecord } from './records';
import { chooseTextField } from './textField';

/** The texts of records that are JSON: strings, or objects that hold one under the same key. */
export async function* jsonRecords(
  records: AsyncIterable<RawRecord>,
  { textField, onBroken }: FormatOptions,
): AsyncGenerator<FoundText> {
  let record = -1;
  let field: string | null = null;
  for await (const { text: json, place } of records) {
    record += 1;
    const value = parse(json);
    if (isObject(value)) field ??= chooseTextField(Object.keys(value), textField);
    const start = startOfText(json, value, field);
    if (start === null)
      onBroken(
        place,
        value === undefined ? 'it is not valid JSON' : `it has no text in “${field ?? 'text'}”`,
      );
    else yield* recordParts(record, jsonStringAt(json, start, place));
  }
}

/** undefined where the text is no JSON. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where the string literal starts that is the record's text. */
function startOfText(json: string, value: unknown, field: string | null): number | null {
  if (typeof value === 'string') return skipSpace(json, 0);
  if (!isObject(value) || field === null) return null;
  return Object.hasOwn(value, field) && typeof value[field] === 'string' ? memberStart(json, field) : null;
}
