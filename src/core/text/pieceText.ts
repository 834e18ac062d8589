/** How a tokenizer writes spaces and bytes in the pieces of its vocabulary. */
export type PieceStyle = 'bytes' | 'words';

/** What a tokenizer.json says of it. */
export function pieceStyleOf(tokenizerJson: string): PieceStyle {
  return /"type"\s*:\s*"ByteLevel"/.test(tokenizerJson) ? 'bytes' : 'words';
}

/** The text of pieces in their order: characters that end only in the next piece become �. */
export function textOfPieces(pieces: readonly string[], style: PieceStyle): string {
  return style === 'bytes' ? textOfBytes(pieces.join('')) : textOfWords(pieces);
}

/** GPT-2 writes each byte as a printable character: itself where it is one, else from U+0100 on, in order. */
const BYTES = new Map<string, number>();
for (let byte = 0, next = 256; byte < 256; byte++) {
  const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  BYTES.set(String.fromCharCode(printable ? byte : next++), byte);
}

function textOfBytes(piece: string): string {
  const bytes = Array.from(piece).flatMap(
    (character) => BYTES.get(character) ?? [...new TextEncoder().encode(character)],
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** SentencePiece writes a space as ▁ and single bytes as <0x0A>; WordPiece marks what goes on a word with ##. */
function textOfWords(pieces: readonly string[]): string {
  const bytes: number[] = [];
  const ends = (): string => {
    const text = bytes.length === 0 ? '' : new TextDecoder().decode(Uint8Array.from(bytes));
    bytes.length = 0;
    return text;
  };
  const parts = pieces.map((piece) => {
    const byte = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1];
    if (byte !== undefined) {
      bytes.push(parseInt(byte, 16));
      return '';
    }
    return ends() + piece.replaceAll('▁', ' ').replace(/^##/, '');
  });
  return parts.join('') + ends();
}
