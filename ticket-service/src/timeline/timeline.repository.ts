import type { Queries } from '@flight-booking/platform';
import type { CreditNoteOccasion } from '../invoices/invoice.js';

/** What was issued for a booking and taken back, with the times at which that was done. */
export interface DocumentHistory {
  readonly ticketNumbers: readonly string[];
  readonly ticketIssuedAt: Date;
  readonly invoiceNumber: string;
  readonly invoiceIssuedAt: Date;
  readonly invoicePaise: number;
  /** Coupons that are not open any more; their number is zero while the booking stands. */
  readonly voidedCoupons: number;
  readonly voidedAt: Date | null;
  readonly creditNotes: readonly CreditNoteTrace[];
}

/** A credit note as the database writes it; its time is ISO 8601. */
export interface CreditNoteTrace {
  readonly number: string;
  readonly occasion: CreditNoteOccasion;
  readonly issuedAt: string;
  readonly paise: number;
}

/** Of coupons that were voided before their time was kept, the time of the cancellation is known. */
const HISTORY = {
  name: 'document-history-of-booking',
  text: `
    select voided.ticket_numbers as "ticketNumbers", tickets.issued_at as "ticketIssuedAt",
      invoice_number as "invoiceNumber", invoices.issued_at as "invoiceIssuedAt",
      invoices.total_paise as "invoicePaise", voided.count as "voidedCoupons",
      case when voided.count > 0 then coalesce(voided.at, cancelled_at) end as "voidedAt",
      coalesce((select json_agg(json_build_object('number', credit_note_number, 'occasion', occasion,
          'issuedAt', credit_notes.issued_at, 'paise', credit_notes.total_paise) order by credit_note_id)
        from credit_notes where credit_notes.invoice_id = invoices.invoice_id), '[]') as "creditNotes"
    from tickets join bookings using (booking_id) join invoices using (ticket_id)
    cross join lateral (
      select array_agg(distinct ticket_number) as ticket_numbers,
        count(*) filter (where coupons.status <> 'OPEN') as count, min(status_changed_at) as at
      from ticket_numbers join coupons using (ticket_number)
      where ticket_numbers.ticket_id = tickets.ticket_id
    ) as voided
    where booking_id = $1`,
};

/** Reads what became of a booking's documents. */
export class TimelineRepository {
  async ofBooking(queries: Queries, bookingId: number): Promise<DocumentHistory | undefined> {
    return queries.maybeRow<DocumentHistory>(HISTORY, [bookingId]);
  }
}
