import { bookingFeeReturned } from '@flight-booking/contracts';
import type { JobQueue, Queries } from '@flight-booking/platform';
import { keptPaiseOf, type OfferedBooking } from '../bookings/booking.js';
import type { BookingEvents } from '../bookings/booking-events.js';
import { refundBooking } from '../bookings/booking.jobs.js';
import type { CancellationQuoteRepository } from './cancellation-quote.repository.js';
import { keptLinesOf } from './cancellation-terms.js';
import type { ReturnedFeeRepository } from './returned-fee.repository.js';

/** What fees are given back with. */
export interface FeeReturnRecords {
  readonly quotes: CancellationQuoteRepository;
  readonly returnedFees: ReturnedFeeRepository;
  readonly events: BookingEvents;
  readonly jobs: JobQueue;
}

/** What becomes of a fee that is to be given back: it is now, or was before, or there is none. */
export type FeeReturn = 'returned' | 'returned_before' | 'no_fee';

/** Gives back what a cancellation has kept. */
export class FeeReturns {
  constructor(private readonly records: FeeReturnRecords) {}

  /**
   * Gives back all that the cancellation of a locked booking has kept: the fact, the refund's job and the event in one
   * transaction. Nothing kept, or given back before, changes nothing.
   * @param reason why, for the customer
   */
  async giveBack(tx: Queries, booking: OfferedBooking, reason: string): Promise<FeeReturn> {
    if (booking.returnedFee !== null) return 'returned_before';
    const { bookingId, paymentId } = booking;
    const amountPaise = keptPaiseOf(booking);
    if (paymentId === null || amountPaise === 0) return 'no_fee';
    // Only its customer's cancellation keeps something, and that is by a quote.
    const quote = await this.records.quotes.findConfirmed(tx, bookingId);
    if (quote === undefined) throw new Error(`Booking ${bookingId} keeps a fee without a quote.`);
    await this.records.returnedFees.add(tx, { bookingId, paymentId, amountPaise, reason });
    await this.records.jobs.add(tx, refundBooking, { booking_id: bookingId });
    await this.records.events.publish(tx, bookingFeeReturned, booking, {
      amount_paise: amountPaise,
      reason,
      refund_lines: keptLinesOf(quote.lines),
    });
    return 'returned';
  }
}
