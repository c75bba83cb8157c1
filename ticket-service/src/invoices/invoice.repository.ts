import type { Database } from '@flight-booking/platform';
import type { Invoice, InvoiceContent } from './invoice.js';

const BY_ID = {
  name: 'invoice-by-id',
  text: `
    select invoice_id, invoice_number, ticket_id, booking_id, user_id, invoices.issued_at, content
    from invoices join tickets using (ticket_id)
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
}

/** Invoices; they are written in the statement that issues their ticket. */
export class InvoiceRepository {
  constructor(private readonly database: Database) {}

  async byId(invoiceId: number): Promise<Invoice | undefined> {
    const row = await this.database.maybeRow<InvoiceRow>(BY_ID, [invoiceId]);
    return (
      row && {
        invoiceId: row.invoice_id,
        invoiceNumber: row.invoice_number,
        ticketId: row.ticket_id,
        bookingId: row.booking_id,
        userId: row.user_id,
        issuedAt: row.issued_at,
        content: row.content,
      }
    );
  }
}
