import { xxh32 } from '../../common/xxh32';
import type { FileStore } from '../fileStore';
import { damagedProfile } from '../damagedProfile';
import { textFiles } from '../profileFiles';
import { FixedTable } from '../table/fixedTable';
import type { TableColumns } from '../table/columnLayout';
import type { Compression } from './compression';
import { BLOCK_UNITS, BLOCKS_LAYOUT, TOKEN_FIELDS, TOKENS_LAYOUT } from './textLayout';

/** Some tokens of a part: ids, offsets as they are shown, lines and columns counted from 1. */
export interface TokenColumns {
  readonly id: Uint32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly line: Uint32Array;
  readonly column: Uint32Array;
}

/** Profiles of format 1 have no checks. */
type BlockColumns = Omit<TableColumns<typeof BLOCKS_LAYOUT>, 'check'> & {
  readonly check: Uint32Array | null;
};

/** Inflated blocks that are kept, of 16 Ki units each. */
const KEPT_BLOCKS = 256;

/** Reads tokens and text of one part by range. */
export class TextPartReader {
  private tokenTable: Promise<FixedTable<typeof TOKENS_LAYOUT>> | undefined;
  private blockColumns: Promise<BlockColumns> | undefined;
  private readonly inflated = new Map<number, Promise<string>>();

  constructor(
    private readonly store: FileStore,
    private readonly compression: Compression,
    private readonly part: number,
  ) {}

  /** Rows `[first, first + count)` of the part's tokens. */
  async tokens(first: number, count: number): Promise<TokenColumns> {
    this.tokenTable ??= FixedTable.open(this.store, textFiles(this.part).tokens, TOKENS_LAYOUT);
    const { token } = await (await this.tokenTable).read(['token'], first, count);
    const field = (index: number): Uint32Array =>
      Uint32Array.from({ length: count }, (_, row) => token[row * TOKEN_FIELDS + index]!);
    return { id: field(0), start: field(1), end: field(2), line: field(3), column: field(4) };
  }

  /** UTF-16 units `[start, end)` of the part's text; null where the profile holds no text. */
  async text(start: number, end: number): Promise<string | null> {
    const blocks = await this.blocks();
    if (blocks.unit.length === 0) return null;
    let block = blockOf(blocks.unit, start);
    let text = '';
    let position = blocks.unit[block] ?? 0;
    const skipped = start - position;
    while (position < end && block < blocks.unit.length) {
      const piece = await this.inflate(block, blocks);
      text += piece;
      position += piece.length;
      block += 1;
    }
    return text.slice(skipped, skipped + end - start);
  }

  private blocks(): Promise<BlockColumns> {
    this.blockColumns ??= this.readBlocks();
    return this.blockColumns;
  }

  private async readBlocks(): Promise<BlockColumns> {
    const { blocks, text } = textFiles(this.part);
    const table = await FixedTable.open(this.store, blocks, BLOCKS_LAYOUT, 'whole');
    if (table.rows > 0 && (await this.store.size(text)) === null) throw damagedProfile(text, 'it is missing');
    const columns = await table.read(['unit', 'offset', 'length', 'inflated']);
    return { ...columns, check: table.has('check') ? (await table.read(['check'])).check : null };
  }

  private inflate(block: number, blocks: BlockColumns): Promise<string> {
    let text = this.inflated.get(block);
    if (text === undefined) {
      text = this.readBlock(block, blocks);
      if (this.inflated.size >= KEPT_BLOCKS) this.inflated.clear();
      this.inflated.set(block, text);
    }
    return text;
  }

  private async readBlock(block: number, blocks: BlockColumns): Promise<string> {
    const { text } = textFiles(this.part);
    const length = blocks.inflated[block]!;
    // A UTF-16 unit takes at most three bytes of UTF-8, whatever a damaged file claims.
    if (length > 3 * BLOCK_UNITS) throw damagedProfile(text, 'a block of it is larger than a block can be');
    try {
      const bytes = await this.store.read(text, blocks.offset[block]!, blocks.length[block]!);
      if (blocks.check && xxh32(bytes) !== blocks.check[block]) throw new Error('it is not what was written');
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        await this.compression.inflate(bytes, length),
      );
    } catch (error) {
      throw damagedProfile(text, 'a block of it cannot be inflated', error);
    }
  }
}

/** The last block that begins at or before a unit. */
function blockOf(units: Uint32Array, unit: number): number {
  let low = 0;
  let high = units.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (units[middle]! <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}
