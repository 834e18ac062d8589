import { LensError } from '../../common/errors';
import { FILE_START, Places } from '../places';
import type { Format, ReadTexts } from './format';
import { elementStarts, jsonStringAt, memberStart, skipSpace } from './jsonText';
import { LONGEST_RECORD, recordSlices, TOO_LONG } from './records';
import type { RecordText } from './records';

/** Where the format keeps cells: its third version had them in sheets, and the source of code under another name. */
const [CELLS, SHEETS, SOURCE, OLD_SOURCE] = ['cells', 'worksheets', 'source', 'input'] as const;

/**
 * A Jupyter notebook (.ipynb): the source of each cell is a record, whatever the cell's kind. Outputs and pictures are
 * left out.
 */
export const notebook: Format = {
  matches: (file) => /\.ipynb$/i.test(file),
  read: cellSources,
};

async function* cellSources(...[chunks, { onBroken }]: Parameters<ReadTexts>): ReturnType<ReadTexts> {
  const json = await wholeText(chunks);
  const places = new Places(json, FILE_START);
  let record = -1;
  for (const cell of cellsOf(json)) {
    record += 1;
    const source = sourceOf(json, cell, places);
    if (source === null) onBroken(places.at(cell), 'noText', 'the cell has no source');
    else yield* recordSlices(record, source);
  }
}

async function wholeText(chunks: AsyncIterable<string>): Promise<string> {
  let json = '';
  for await (const chunk of chunks) {
    json += chunk;
    if (json.length > LONGEST_RECORD) throw new LensError('unsupported-text', TOO_LONG);
  }
  try {
    JSON.parse(json);
  } catch {
    throw new LensError('unsupported-text', 'it is called a notebook and is not valid JSON');
  }
  return json;
}

/** Where the cells start, in the order of the notebook. */
function cellsOf(json: string): number[] {
  const root = skipSpace(json, 0);
  const lists = [root, ...elementsUnder(SHEETS, json, root)].map((list) => elementsUnder(CELLS, json, list));
  const cells = lists.flat();
  if (cells.length === 0) throw new LensError('unsupported-text', 'it is called a notebook and has no cells');
  return cells;
}

/** Where the elements start of the array under a key of an object; none where there is no such array. */
function elementsUnder(key: string, json: string, object: number): number[] {
  const array = json.charAt(object) === '{' ? memberStart(json, key, object) : null;
  return array !== null && json.charAt(array) === '[' ? [...elementStarts(json, array)] : [];
}

/** A cell's source is a string, or an array of strings that are one text; null where it is neither. */
function sourceOf(json: string, cell: number, places: Places): RecordText | null {
  if (json.charAt(cell) !== '{') return null;
  const source = memberStart(json, SOURCE, cell) ?? memberStart(json, OLD_SOURCE, cell);
  if (source === null) return null;
  const strings = json.charAt(source) === '[' ? [...elementStarts(json, source)] : [source];
  if (strings.some((start) => json.charAt(start) !== '"')) return null;
  return joined(strings.map((start) => jsonStringAt(json, start, () => places)));
}

function joined(pieces: readonly RecordText[]): RecordText {
  const text = pieces.map((piece) => piece.text).join('');
  const locate: RecordText['locate'] = (offset) => {
    let within = offset;
    for (const piece of pieces) {
      if (within < piece.text.length) return piece.locate(within);
      within -= piece.text.length;
    }
    const last = pieces.at(-1)!;
    return last.locate(last.text.length);
  };
  return { text, locate };
}
