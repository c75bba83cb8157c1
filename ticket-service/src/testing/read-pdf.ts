import { PDFParse } from 'pdf-parse';

/** The text of a PDF document, with single spaces, and how many pages it has. */
export async function readPdf(bytes: Buffer): Promise<{ text: string; pages: number }> {
  const parser = new PDFParse({ data: new Uint8Array(bytes) });
  try {
    const { text, total } = await parser.getText();
    return { text: text.replace(/\s+/g, ' '), pages: total };
  } finally {
    await parser.destroy();
  }
}
