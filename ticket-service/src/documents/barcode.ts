import bwip from 'bwip-js/node';
import type { Pdf } from './pdf.js';

/** Six columns of codewords make a boarding pass about four times as wide as it is high. */
const COLUMNS = 6;

/** A symbol as rows of dark and light modules. */
interface Symbol {
  readonly pixs: readonly number[];
  readonly pixx: number;
}

function encode(text: string): Symbol {
  const options = { bcid: 'pdf417', text, columns: COLUMNS };
  const [symbol] = bwip.raw(options);
  if (symbol === undefined || !('pixs' in symbol)) throw new Error('PDF417 encoding gave no symbol');
  return symbol;
}

/**
 * Draws a PDF417 symbol, the barcode of boarding passes on paper, as vectors: sharp at any size and a tenth
 * of the bytes of an image. Every run of dark modules is one rectangle.
 */
export function drawBarcode(
  pdf: Pdf,
  text: string,
  box: { x: number; y: number; width: number; height: number },
): void {
  const symbol = encode(text);
  const moduleWidth = box.width / symbol.pixx;
  const rows = symbol.pixs.length / symbol.pixx;
  const rowHeight = box.height / rows;
  for (let row = 0; row < rows; row += 1) {
    for (let start = 0; start < symbol.pixx; start += 1) {
      let end = start;
      while (end < symbol.pixx && symbol.pixs[row * symbol.pixx + end] === 1) end += 1;
      if (end === start) continue;
      pdf.rect(box.x + start * moduleWidth, box.y + row * rowHeight, (end - start) * moduleWidth, rowHeight);
      start = end;
    }
  }
  pdf.fill('#000000');
}
