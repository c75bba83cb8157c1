import type { Queries } from '@flight-booking/platform';
import type { CreditNote, Invoice } from './invoice.js';

const BY_ID = {
  name: 'invoice-by-id',
  text: `
    select invoice_id as "invoiceId", invoice_number as "invoiceNumber", ticket_id as "ticketId",
      booking_id as "bookingId", user_id as "userId", invoices.issued_at as "issuedAt",
      invoices.content
    from invoices join tickets using (ticket_id)
    where invoice_id = $1`,
};

const CREDIT_NOTES = {
  name: 'credit-notes-of-invoice',
  text: `
    select credit_note_number as "creditNoteNumber", occasion, issued_at as "issuedAt", content
    from credit_notes where invoice_id = $1`,
};

/** Invoices with what takes them back; they are written in the statement that issues their ticket. */
export class InvoiceRepository {
  async byId(queries: Queries, invoiceId: number): Promise<Invoice | undefined> {
    const invoice = await queries.maybeRow<Omit<Invoice, 'creditNotes'>>(BY_ID, [invoiceId]);
    if (invoice === undefined) return undefined;
    const notes = await queries.rows<CreditNote>(CREDIT_NOTES, [invoiceId]);
    return { ...invoice, creditNotes: Object.fromEntries(notes.map((note) => [note.occasion, note])) };
  }
}
