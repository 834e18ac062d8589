import { xxh32 } from '../../common/xxh32';
import type { FileStore } from '../fileStore';
import type { SourceDocument } from '../../text/document';
import type { TokenizedText } from '../../text/tokens';
import { textFiles } from '../profileFiles';
import { encodeTable } from '../table/encodeTable';
import type { Compression } from './compression';
import type { TextLocation } from './documentRow';
import { BLOCK_UNITS, BLOCKS_LAYOUT, TOKEN_FIELDS, TOKENS_LAYOUT } from './textLayout';

/** Tokens after which a part is closed at the next document, so that memory stays bounded: 10 MiB of columns. */
const PART_TOKENS = 1 << 19;

/**
 * Gathers documents' tokens and text and writes them as immutable parts, numbered in order.
 * A part is closed when it is large, and by `flush` when a segment that refers to it is saved.
 */
export class TextPartWriter {
  private readonly tokens = new GrowingColumn();
  private readonly blocks = {
    unit: new GrowingColumn(),
    offset: new GrowingColumn(),
    length: new GrowingColumn(),
    inflated: new GrowingColumn(),
    check: new GrowingColumn(),
  };
  private compressed: Uint8Array[] = [];
  private compressedBytes = 0;
  /** Text not yet compressed, which begins at unit `textUnits − pending.length`. */
  private pending = '';
  private textUnits = 0;

  /**
   * @param nextPart number of the first part to write.
   * @param compression null where the profile is to hold no text.
   */
  constructor(
    private readonly store: FileStore,
    private readonly compression: Compression | null,
    private nextPart: number,
  ) {}

  async add(document: SourceDocument, tokens: TokenizedText): Promise<TextLocation> {
    if (this.tokenCount >= PART_TOKENS) await this.flush();
    const place = {
      part: this.nextPart,
      firstToken: this.tokenCount,
      tokenCount: tokens.ids.length,
      textStart: this.textUnits,
    };
    for (let token = 0; token < tokens.ids.length; token++) {
      const start = tokens.starts[token]!;
      const { line, column } = document.locate(start);
      this.tokens.push(tokens.ids[token]!);
      this.tokens.push(start + document.offsetBase);
      this.tokens.push(tokens.ends[token]! + document.offsetBase);
      this.tokens.push(line);
      this.tokens.push(column);
    }
    this.textUnits += document.text.length;
    if (this.compression) {
      this.pending += document.text;
      while (this.pending.length >= BLOCK_UNITS) await this.compressBlock(this.compression, BLOCK_UNITS);
    }
    return place;
  }

  /** Writes what was added since the last part, if anything. */
  async flush(): Promise<void> {
    if (this.tokenCount === 0 && this.textUnits === 0) return;
    if (this.compression && this.pending !== '')
      await this.compressBlock(this.compression, this.pending.length);
    const files = textFiles(this.nextPart);
    const { unit, offset, length, inflated, check } = this.blocks;
    await this.store.write(
      files.tokens,
      await encodeTable(TOKENS_LAYOUT, { token: this.tokens.values() }, this.tokenCount),
    );
    await this.store.write(files.text, this.compressed);
    await this.store.write(
      files.blocks,
      await encodeTable(
        BLOCKS_LAYOUT,
        {
          unit: unit.values(),
          offset: offset.values(),
          length: length.values(),
          inflated: inflated.values(),
          check: check.values(),
        },
        unit.length,
      ),
    );
    for (const column of [this.tokens, ...Object.values(this.blocks)]) column.clear();
    this.compressed = [];
    this.compressedBytes = 0;
    this.textUnits = 0;
    this.nextPart += 1;
  }

  private get tokenCount(): number {
    return this.tokens.length / TOKEN_FIELDS;
  }

  private async compressBlock(compression: Compression, units: number): Promise<void> {
    // A pair of surrogates stays in one block, as half of it cannot be written as UTF-8.
    const end = isHighSurrogate(this.pending.charCodeAt(units - 1)) && units > 1 ? units - 1 : units;
    const bytes = new TextEncoder().encode(this.pending.slice(0, end));
    const deflated = await compression.deflate(bytes);
    this.blocks.unit.push(this.textUnits - this.pending.length);
    this.blocks.offset.push(this.compressedBytes);
    this.blocks.length.push(deflated.length);
    this.blocks.inflated.push(bytes.length);
    this.blocks.check.push(xxh32(deflated));
    this.compressed.push(deflated);
    this.compressedBytes += deflated.length;
    this.pending = this.pending.slice(end);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** A column of unsigned 32-bit numbers of which the length is not known beforehand. */
class GrowingColumn {
  private array = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Uint32Array(this.array.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  /** @returns a view of what was pushed, valid until the next `push` or `clear`. */
  values(): Uint32Array {
    return this.array.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
