import type { Clock, Queries } from '@flight-booking/platform';
import { drawUpCreditNote, type Refund } from '../invoices/credit-note.js';
import type { CreditNoteRepository } from '../invoices/credit-note.repository.js';
import type { CreditNoteOccasion } from '../invoices/invoice.js';
import { financialYear } from '../invoices/invoice-number.js';
import type { TicketRepository } from './ticket.repository.js';

/** Takes back what was issued for a booking that is cancelled. */
export class CancellationService {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly creditNotes: CreditNoteRepository,
    private readonly series: string,
    private readonly clock: Clock,
  ) {}

  /**
   * Voids the open coupons of a booking, also when nothing of it comes back. What does come back is taken off its
   * invoice by one credit note, whatever is told later. A booking without a ticket gets none from now on. Safe to
   * repeat.
   * @throws InvoiceMismatch when the lines of the refund are not the invoice's; then nothing is done
   */
  async cancel(tx: Queries, bookingId: number, cancelledAt: Date, refund: Refund): Promise<void> {
    await this.endTicket(tx, bookingId, cancelledAt);
    if (refund.amountPaise > 0) await this.issueCreditNote(tx, bookingId, refund, 'cancellation');
  }

  /**
   * Takes what the cancellation of a booking had kept off its invoice too, by a credit note of its own. It may be told
   * before the cancellation is, so the ticket ends by this as well. Safe to repeat.
   * @throws InvoiceMismatch when the lines of the fee are not the invoice's; then nothing is done
   */
  async returnFee(tx: Queries, bookingId: number, returnedAt: Date, refund: Refund): Promise<void> {
    await this.endTicket(tx, bookingId, returnedAt);
    await this.issueCreditNote(tx, bookingId, refund, 'returned_fee');
  }

  /** Holds the booking, so that no ticket is issued meanwhile or afterwards. */
  private async endTicket(tx: Queries, bookingId: number, endedAt: Date): Promise<void> {
    await this.tickets.markCancelled(tx, bookingId, endedAt);
    await this.tickets.refundCoupons(tx, bookingId);
  }

  private async issueCreditNote(
    tx: Queries,
    bookingId: number,
    refund: Refund,
    occasion: CreditNoteOccasion,
  ): Promise<void> {
    const invoice = await this.creditNotes.standingInvoice(tx, bookingId, occasion);
    if (invoice === undefined) return;
    const issuedAt = this.clock.now();
    await this.creditNotes.issue(tx, {
      invoiceId: invoice.invoiceId,
      occasion,
      series: this.series,
      financialYear: financialYear(issuedAt),
      issuedAt,
      content: drawUpCreditNote(occasion, invoice, refund),
    });
  }
}
