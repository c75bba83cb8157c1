import type { Clock, Queries } from '@flight-booking/platform';
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
   * Refunds the open coupons of a booking and takes its invoice back with a credit note. A booking without a
   * ticket gets none from now on. Safe to repeat.
   */
  async cancel(tx: Queries, bookingId: number, cancelledAt: Date): Promise<void> {
    await this.tickets.markCancelled(tx, bookingId, cancelledAt);
    await this.tickets.refundCoupons(tx, bookingId);
    const issuedAt = this.clock.now();
    await this.creditNotes.issue(tx, bookingId, {
      series: this.series,
      financialYear: financialYear(issuedAt),
      issuedAt,
    });
  }
}
