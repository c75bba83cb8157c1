import type { Queries } from '@flight-booking/platform';
import type { StandingInvoice } from './credit-note.js';
import type { CreditNoteContent, CreditNoteOccasion } from './invoice.js';

/** A credit note that is ready to be numbered. */
export interface CreditNoteDraft {
  readonly invoiceId: number;
  readonly occasion: CreditNoteOccasion;
  readonly series: string;
  readonly financialYear: string;
  readonly issuedAt: Date;
  readonly content: CreditNoteContent;
}

const STANDING_INVOICE = {
  name: 'standing-invoice-of-booking',
  text: `
    select invoice_id as "invoiceId", content, booking from invoices join tickets using (ticket_id)
    where booking_id = $1
      and not exists (select from credit_notes where credit_notes.invoice_id = invoices.invoice_id
        and occasion = $2)`,
};

/** One statement: a number is used up exactly when its credit note is committed. */
const ISSUE = {
  name: 'issue-credit-note',
  text: `
    with counter as (
      insert into document_counters as existing (series, financial_year, last_number) values ($2, $3, 1)
      on conflict (series, financial_year) do update set last_number = existing.last_number + 1
      returning last_number
    )
    insert into credit_notes
      (invoice_id, invoice_total_paise, series, financial_year, sequence, issued_at, total_paise, content, occasion)
    select invoice_id, invoices.total_paise, $2, $3, last_number, $4, $5, $6, $7
    from invoices, counter where invoice_id = $1`,
};

/** Credit notes; they are read with their invoices. */
export class CreditNoteRepository {
  /**
   * The invoice of a booking that no credit note takes back on this occasion. The booking must be locked, so that it stays so until
   * the transaction ends.
   */
  async standingInvoice(
    tx: Queries,
    bookingId: number,
    occasion: CreditNoteOccasion,
  ): Promise<StandingInvoice | undefined> {
    return tx.maybeRow<StandingInvoice>(STANDING_INVOICE, [bookingId, occasion]);
  }

  /** Numbers a credit note and writes it down. */
  async issue(tx: Queries, draft: CreditNoteDraft): Promise<void> {
    const { invoiceId, series, financialYear, issuedAt, content } = draft;
    await tx.execute(ISSUE, [
      invoiceId,
      series,
      financialYear,
      issuedAt,
      content.totals.total_paise,
      JSON.stringify(content),
      draft.occasion,
    ]);
  }
}
