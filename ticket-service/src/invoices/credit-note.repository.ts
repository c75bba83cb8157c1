import type { Queries } from '@flight-booking/platform';

/** Under which number a credit note is issued, and when. */
export interface CreditNoteDraft {
  readonly series: string;
  readonly financialYear: string;
  readonly issuedAt: Date;
}

/**
 * The counter is touched only for an invoice that has no credit note, so no number is burnt. The transaction
 * holds the booking's row, so nobody else issues for the same invoice meanwhile.
 */
const ISSUE = {
  name: 'issue-credit-note',
  text: `
    with invoice as (
      select invoice_id from invoices join tickets using (ticket_id)
      where booking_id = $1 and not exists (
        select from credit_notes where credit_notes.invoice_id = invoices.invoice_id
      )
    ), counter as (
      insert into document_counters as existing (series, financial_year, last_number)
      select $2, $3, 1 from invoice
      on conflict (series, financial_year) do update set last_number = existing.last_number + 1
      returning last_number
    )
    insert into credit_notes (invoice_id, series, financial_year, sequence, issued_at)
    select invoice_id, $2, $3, last_number, $4 from invoice, counter`,
};

/** Credit notes; they are read with their invoices. */
export class CreditNoteRepository {
  /** Takes back the invoice of a booking, if it has one that still stands. The booking must be locked. */
  async issue(tx: Queries, bookingId: number, draft: CreditNoteDraft): Promise<void> {
    await tx.execute(ISSUE, [bookingId, draft.series, draft.financialYear, draft.issuedAt]);
  }
}
