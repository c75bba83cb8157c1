import { COLOURS, CONTENT_WIDTH, PAGE, STYLES, put, type Pdf } from './pdf.js';

/** Nobody may board with these documents: they come from a demonstration. */
export const SPECIMEN = 'SPECIMEN – NOT VALID FOR TRAVEL';

const BAND_HEIGHT = 74;
const BANNER_HEIGHT = 46;
const FOOTER_Y = 812;

/** Starts the first page with the band that says what the document is; returns the y below it. */
export function drawBand(
  pdf: Pdf,
  band: { issuer: string; title: string; note: string; code: string },
): number {
  pdf.addPage();
  pdf.rect(0, 0, PAGE.width, BAND_HEIGHT).fill(COLOURS.brand);
  pdf.rect(0, BAND_HEIGHT, PAGE.width, 3).fill(COLOURS.accent);
  put(pdf, band.issuer, { x: PAGE.margin, y: 18, width: 300 }, STYLES.title);
  put(pdf, band.title, { x: PAGE.margin, y: 43 }, { ...STYLES.body, colour: COLOURS.onBrand });
  const right = { x: PAGE.margin, width: CONTENT_WIDTH, align: 'right' as const };
  put(pdf, band.note.toUpperCase(), { ...right, y: 18 }, { ...STYLES.label, colour: COLOURS.onBrand });
  put(pdf, band.code, { ...right, y: 29 }, { ...STYLES.title, size: 19 });
  return BAND_HEIGHT + 18;
}

/** Draws a red banner across the page for what nobody may overlook; returns the y below it. */
export function drawBanner(pdf: Pdf, banner: { title: string; note: string }, y: number): number {
  pdf.roundedRect(PAGE.margin, y, CONTENT_WIDTH, BANNER_HEIGHT, 5).fill(COLOURS.warning);
  put(pdf, banner.title, { x: PAGE.margin + 14, y: y + 6 }, STYLES.title);
  put(
    pdf,
    banner.note,
    { x: PAGE.margin + 14, y: y + 28, width: CONTENT_WIDTH - 28 },
    { ...STYLES.body, colour: COLOURS.white },
  );
  return y + BANNER_HEIGHT + 14;
}

/** Starts a section; returns the y below its heading. */
export function drawHeading(pdf: Pdf, text: string, y: number): number {
  put(pdf, text, { x: PAGE.margin, y }, STYLES.heading);
  return y + 18;
}

/** Returns where `height` points fit: here, or at the top of a new page. */
export function makeRoom(pdf: Pdf, y: number, height: number): number {
  if (y + height <= PAGE.bottom) return y;
  pdf.addPage();
  return PAGE.margin;
}

/** Writes the footer of every page; the document must be complete, since it counts the pages. */
export function drawFooters(pdf: Pdf, text: string): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    put(pdf, text, { x: PAGE.margin, y: FOOTER_Y, width: CONTENT_WIDTH - 80 }, STYLES.label);
    put(
      pdf,
      `Page ${page + 1} of ${count}`,
      { x: PAGE.margin, y: FOOTER_Y, width: CONTENT_WIDTH, align: 'right' },
      STYLES.label,
    );
  }
}
