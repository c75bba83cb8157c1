import { formatPaise, sumPaise } from '@flight-booking/contracts';
import { drawHeading, makeRoom } from '../documents/furniture.js';
import { CONTENT_WIDTH, PAGE, STYLES, put, type Pdf } from '../documents/pdf.js';
import { dateOf, renderAboutInvoice } from './invoice-document.js';
import { type CreditNote, type Invoice } from './invoice.js';

const ROW_HEIGHT = 15;

/** Says what of the invoice is kept, so that both documents together add up. */
function drawKept(pdf: Pdf, invoice: Invoice, { content }: CreditNote, top: number): number {
  if (content.kept.length === 0) return top;
  let y = drawHeading(pdf, 'Kept', makeRoom(pdf, top + 14, (content.kept.length + 3) * ROW_HEIGHT));
  const rows = [
    ...content.kept.map((line) => ({
      text: line.description,
      amountPaise: line.amount_paise,
      style: STYLES.body,
    })),
    {
      text: `Kept of the ${formatPaise(invoice.content.totals.total_paise)} invoiced`,
      amountPaise: sumPaise(content.kept.map((line) => line.amount_paise)),
      style: STYLES.strong,
    },
  ];
  for (const { text, amountPaise, style } of rows) {
    put(pdf, text, { x: PAGE.margin + 20, y, width: 400 }, style);
    put(
      pdf,
      formatPaise(amountPaise),
      { x: PAGE.margin, width: CONTENT_WIDTH - 8, align: 'right', y },
      style,
    );
    y += ROW_HEIGHT;
  }
  return y;
}

function extentOf({ occasion, content }: CreditNote): string {
  if (occasion === 'returned_fee') return 'in what its cancellation had kept';
  return content.kept.length === 0 ? 'in full' : 'in part';
}

/**
 * Draws a credit note (CGST rule 53), which names the invoice that it takes back: line by line what comes back, and
 * what is kept.
 */
export function renderCreditNote(invoice: Invoice, creditNote: CreditNote): Promise<Buffer> {
  const { supplies, totals } = creditNote.content;
  return renderAboutInvoice(
    invoice,
    {
      kind: 'Credit note',
      numberLabel: 'Credit note number',
      note: `takes back tax invoice ${invoice.invoiceNumber} ${extentOf(creditNote)}`,
      number: creditNote.creditNoteNumber,
      issuedAt: creditNote.issuedAt,
      facts: [
        ['Credit note date', dateOf(creditNote.issuedAt)],
        ['Invoice date', dateOf(invoice.issuedAt)],
      ],
    },
    { supplies, totals, drawMore: (pdf, top) => drawKept(pdf, invoice, creditNote, top) },
  );
}
