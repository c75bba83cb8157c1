import type { Clock, Queries } from '@flight-booking/platform';
import { drawUpCreditNote, type Refund } from '../invoices/credit-note.js';
import type { CreditNoteRepository } from '../invoices/credit-note.repository.js';
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
    await this.tickets.markCancelled(tx, bookingId, cancelledAt);
    await this.tickets.refundCoupons(tx, bookingId);
    if (refund.amountPaise > 0) await this.issueCreditNote(tx, bookingId, refund);
  }

  private async issueCreditNote(tx: Queries, bookingId: number, refund: Refund): Promise<void> {
    const invoice = await this.creditNotes.standingInvoice(tx, bookingId);
    if (invoice === undefined) return;
    const issuedAt = this.clock.now();
    await this.creditNotes.issue(tx, {
      invoiceId: invoice.invoiceId,
      series: this.series,
      financialYear: financialYear(issuedAt),
      issuedAt,
      content: drawUpCreditNote(invoice, refund),
    });
  }
}
