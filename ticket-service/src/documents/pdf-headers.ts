/** Media type of every document. */
export const PDF_CONTENT_TYPE = 'application/pdf';

/** Headers under which a browser shows a document and, when asked, saves it under this name. */
export const pdfHeaders = (fileName: string): Readonly<Record<string, string>> => ({
  'content-type': PDF_CONTENT_TYPE,
  'content-disposition': `inline; filename="${fileName}"`,
  // It names people and prices: nobody on the way may keep a copy.
  'cache-control': 'private, no-store',
});
