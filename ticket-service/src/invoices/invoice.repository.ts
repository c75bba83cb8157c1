import type { Queries } from '@flight-booking/platform';
import type { CreditNoteContent, Invoice, InvoiceContent } from './invoice.js';

const BY_ID = {
  name: 'invoice-by-id',
  text: `
    select invoice_id, invoice_number, ticket_id, booking_id, user_id, invoices.issued_at,
      invoices.content, credit_note_number, credit_notes.issued_at as credited_at, credit_notes.content as credited
    from invoices join tickets using (ticket_id) left join credit_notes using (invoice_id)
    where invoice_id = $1`,
};

interface InvoiceRow {
  readonly invoice_id: number;
  readonly invoice_number: string;
  readonly ticket_id: number;
  readonly booking_id: number;
  readonly user_id: number;
  readonly issued_at: Date;
  readonly content: InvoiceContent;
  readonly credit_note_number: string | null;
  readonly credited_at: Date | null;
  readonly credited: CreditNoteContent | null;
}

const toInvoice = (row: InvoiceRow): Invoice => ({
  invoiceId: row.invoice_id,
  invoiceNumber: row.invoice_number,
  ticketId: row.ticket_id,
  bookingId: row.booking_id,
  userId: row.user_id,
  issuedAt: row.issued_at,
  content: row.content,
  ...(row.credit_note_number !== null &&
    row.credited_at !== null &&
    row.credited !== null && {
      creditNote: {
        creditNoteNumber: row.credit_note_number,
        issuedAt: row.credited_at,
        content: row.credited,
      },
    }),
});

/** Invoices with what takes them back; they are written in the statement that issues their ticket. */
export class InvoiceRepository {
  async byId(queries: Queries, invoiceId: number): Promise<Invoice | undefined> {
    const row = await queries.maybeRow<InvoiceRow>(BY_ID, [invoiceId]);
    return row && toInvoice(row);
  }
}
