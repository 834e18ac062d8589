import type { RecordFault } from '../../common/skipReasons';
import { Places } from '../places';
import type { FormatOptions, FoundText } from './format';
import { jsonStringAt, memberStart, skipSpace } from './jsonText';
import { recordSlices, TOO_LONG } from './records';
import type { RawRecord } from './records';
import { noTextField, usualTextField } from './textField';

/** How many records are looked through for a key of a usual name before one of another name is taken. */
const MOST_LOOKED_AT = 1000;
const MOST_CHARACTERS = 1 << 24;
/** Keys that are remembered for the sentence that no text was found under them. */
const MOST_KEYS = 64;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The texts of records that are JSON: strings, or objects that hold one under the key that is asked for; else under
 * the key of earlier ones, or one of a usual name. So each record counts by itself, and the first may be a header.
 * Where none has a key of a usual name, it is the only key that all of them have.
 * @throws LensError `unsupported-text` with the keys that there are when no object has a text
 */
export async function* jsonRecords(
  records: AsyncGenerator<RawRecord>,
  { textField, onBroken }: FormatOptions,
): AsyncGenerator<FoundText> {
  const head = await readHead(records);
  const fields = new TextFields(textField, onlyKey(head));
  let record = -1;
  let found = false;
  for await (const raw of joined(head, records)) {
    record += 1;
    const value = valueOf(raw);
    const field = isObject(value) ? fields.of(value) : undefined;
    const start = startOfText(raw.text, value, field);
    if (start === null) onBroken(raw.place, ...faultOf(raw, value, field));
    else {
      found = true;
      yield* recordSlices(record, jsonStringAt(raw.text, start, placesOf(raw)));
    }
  }
  if (!found && fields.strange.size > 0) throw noTextField([...fields.strange], textField);
}

/** Under which key an object holds its text. */
class TextFields {
  /** Keys of objects that have no field for text. */
  readonly strange = new Set<string>();
  private readonly known: string[];

  constructor(
    private readonly wanted: string | null,
    only: string | null,
  ) {
    this.known = [wanted ?? only ?? []].flat();
  }

  of(value: JsonObject): string | undefined {
    const known = this.known.find((name) => Object.hasOwn(value, name));
    if (known !== undefined) return known;
    const keys = Object.keys(value);
    const usual = this.wanted === null ? usualTextField(keys) : undefined;
    if (usual !== undefined) this.known.push(usual);
    else if (this.strange.size < MOST_KEYS) keys.forEach((key) => this.strange.add(key));
    return usual;
  }
}

/** The records up to the first whose text has a usual name, or as many as are looked at for one. */
async function readHead(records: AsyncGenerator<RawRecord>): Promise<RawRecord[]> {
  const head: RawRecord[] = [];
  let characters = 0;
  while (head.length < MOST_LOOKED_AT && characters < MOST_CHARACTERS) {
    const next = await records.next();
    if (next.done === true) break;
    head.push(next.value);
    characters += next.value.text.length;
    if (namesItsText(valueOf(next.value))) break;
  }
  return head;
}

/** The key that the objects have and no other beside it; null where one names its text in a usual way. */
function onlyKey(head: readonly RawRecord[]): string | null {
  const objects = head.map(valueOf).filter(isObject);
  const keys = new Set(objects.flatMap((value) => Object.keys(value)));
  const [only] = keys;
  return keys.size === 1 && only !== undefined ? only : null;
}

function namesItsText(value: unknown): boolean {
  return typeof value === 'string' || (isObject(value) && usualTextField(Object.keys(value)) !== undefined);
}

async function* joined(
  head: readonly RawRecord[],
  rest: AsyncIterable<RawRecord>,
): AsyncGenerator<RawRecord> {
  yield* head;
  yield* rest;
}

function placesOf({ text, place }: RawRecord): () => Places {
  let places: Places | null = null;
  return () => (places ??= new Places(text, place));
}

/** undefined where the record is no JSON. */
function valueOf({ text, isTooLong }: RawRecord): unknown {
  if (isTooLong) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where the string literal starts that is the record's text. */
function startOfText(json: string, value: unknown, field: string | undefined): number | null {
  if (typeof value === 'string') return skipSpace(json, 0);
  if (!isObject(value) || field === undefined) return null;
  return typeof value[field] === 'string' ? memberStart(json, field) : null;
}

function faultOf({ isTooLong }: RawRecord, value: unknown, field: string | undefined): [RecordFault, string] {
  if (isTooLong) return ['tooLong', TOO_LONG];
  if (value === undefined) return ['invalidJson', 'it is not valid JSON'];
  if (field !== undefined) return ['noText', `it has no text in “${field}”`];
  return ['noText', isObject(value) ? 'none of its keys says “text”' : 'it is neither a text nor an object'];
}
