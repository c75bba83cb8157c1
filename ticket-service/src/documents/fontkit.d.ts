/** What is used of fontkit, which has no types of its own. */
declare module 'fontkit' {
  import type PDFDocument from 'pdfkit';

  /** Opens a font. pdfkit takes one that is open already as well, which its types do not say. */
  export function create(bytes: Buffer): Parameters<InstanceType<typeof PDFDocument>['registerFont']>[1];
}
