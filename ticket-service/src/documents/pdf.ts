import { readFileSync } from 'node:fs';
import { create } from 'fontkit';
import PDFDocument from 'pdfkit';

/** A document being drawn. Lengths are points, measured from the top left corner. */
export type Pdf = InstanceType<typeof PDFDocument>;

/**
 * The fonts are opened once for all documents, by the fontkit that pdfkit uses: reading their layout tables takes
 * four fifths of the time of a document whose fonts are opened anew.
 */
const openFont = (fileName: string): ReturnType<typeof create> =>
  create(readFileSync(new URL(`../../fonts/${fileName}`, import.meta.url)));

/** Noto Sans has the rupee sign and Devanagari, which the fonts that every PDF reader carries lack. */
const FONTS = {
  regular: openFont('NotoSans-Regular.ttf'),
  semibold: openFont('NotoSans-SemiBold.ttf'),
} as const;

/** A4 in points, and the margin that every page keeps. */
export const PAGE = { width: 595, height: 842, margin: 40, bottom: 796 } as const;

/** Width between the margins. */
export const CONTENT_WIDTH = PAGE.width - 2 * PAGE.margin;

/** The few colours that all documents share. */
export const COLOURS = {
  ink: '#14202E',
  muted: '#5C6B7A',
  brand: '#0B3C6F',
  accent: '#1F7AC4',
  line: '#D3DCE6',
  wash: '#F1F5FA',
  white: '#FFFFFF',
  onBrand: '#BFD6EE',
  warning: '#B3261E',
} as const;

/** How a piece of text looks. */
export interface TextStyle {
  readonly font: keyof typeof FONTS;
  readonly size: number;
  readonly colour: string;
}

/** The type scale of all documents. */
export const STYLES = {
  title: { font: 'semibold', size: 16, colour: COLOURS.white },
  heading: { font: 'semibold', size: 10.5, colour: COLOURS.brand },
  label: { font: 'regular', size: 7, colour: COLOURS.muted },
  body: { font: 'regular', size: 9, colour: COLOURS.ink },
  strong: { font: 'semibold', size: 9, colour: COLOURS.ink },
  small: { font: 'regular', size: 8, colour: COLOURS.muted },
  figure: { font: 'semibold', size: 12, colour: COLOURS.ink },
  airport: { font: 'semibold', size: 20, colour: COLOURS.brand },
  warning: { font: 'semibold', size: 8, colour: COLOURS.warning },
} as const satisfies Record<string, TextStyle>;

/** Where a line of text goes; what is wider than `width` ends in an ellipsis. */
export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
}

/** Opens an empty document; every page is added by whoever draws it. */
export function openPdf(info: { title: string; author: string; createdAt: Date }): Pdf {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    lang: 'en-IN',
    displayTitle: true,
    info: { Title: info.title, Author: info.author, CreationDate: info.createdAt },
  });
  pdf.registerFont('regular', FONTS.regular);
  pdf.registerFont('semibold', FONTS.semibold);
  return pdf;
}

/** Ends the document and returns its bytes. */
export async function closePdf(pdf: Pdf): Promise<Buffer> {
  pdf.end();
  const chunks: Buffer[] = [];
  for await (const chunk of pdf) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** As much of a text as fits, with its width: measuring is a good part of drawing, so it is done once where it can be. */
function fitted(pdf: Pdf, text: string, room: number): { readonly line: string; readonly width: number } {
  const letters = Array.from(text);
  let line = text;
  let width = pdf.widthOfString(line);
  while (width > room && letters.length > 0) {
    letters.pop();
    line = `${letters.join('').trimEnd()}…`;
    width = pdf.widthOfString(line);
  }
  return { line, width };
}

/** Draws one line of text. */
export function put(pdf: Pdf, text: string, box: TextBox, style: TextStyle): void {
  pdf.font(style.font, style.size).fillColor(style.colour);
  if (box.width === undefined && box.align === undefined) {
    pdf.text(text, box.x, box.y, { lineBreak: false });
    return;
  }
  const { line, width } = fitted(pdf, text, box.width ?? Infinity);
  const slack = (box.width ?? 0) - width;
  const shift = box.align === 'right' ? slack : box.align === 'center' ? slack / 2 : 0;
  pdf.text(line, box.x + shift, box.y, { lineBreak: false });
}

/** Draws text over as many lines as it takes and returns the y below it. */
export function putParagraph(
  pdf: Pdf,
  text: string,
  box: TextBox & { width: number },
  style: TextStyle,
): number {
  pdf.font(style.font, style.size).fillColor(style.colour);
  const layout = { width: box.width, align: box.align ?? 'left', lineGap: 1 };
  const height = pdf.heightOfString(text, layout);
  pdf.text(text, box.x, box.y, layout);
  return box.y + height;
}

/** A small caption with its value below. */
export function putField(
  pdf: Pdf,
  label: string,
  value: string,
  box: TextBox,
  style: TextStyle = STYLES.strong,
): void {
  put(pdf, label.toUpperCase(), box, STYLES.label);
  put(pdf, value, { ...box, y: box.y + 10 }, style);
}

/** A thin rule across the page or a part of it. */
export function putRule(pdf: Pdf, y: number, x: number = PAGE.margin, width: number = CONTENT_WIDTH): void {
  pdf
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.6)
    .strokeColor(COLOURS.line)
    .stroke();
}
