import { bookingCancelled, bookingExpired } from '@flight-booking/contracts';
import type { JobQueue, Queries } from '@flight-booking/platform';
import type { CancellationQuote } from '../cancellations/cancellation-quote.js';
import { linesInFull, refundLinesOf } from '../cancellations/cancellation-terms.js';
import { cancelledBy, type Booking, type CancellationCause, type OfferedBooking } from './booking.js';
import type { BookingEvents } from './booking-events.js';
import { refundBooking, releaseSeats, settleRedemption } from './booking.jobs.js';
import type { BookingRepository, MoveFacts } from './booking.repository.js';
import { CANCELLATION_IN_WORDS } from './booking-words.js';

/**
 * The ways in which a booking ends, each within the transaction that holds its row: the new state, and a durable
 * job for everything that has to be given back.
 */
export class BookingEndings {
  constructor(
    private readonly bookings: BookingRepository,
    private readonly jobs: JobQueue,
    private readonly events: BookingEvents,
  ) {}

  /** Ends a booking that was never offered. Whether it had taken seats or a discount is not asked. */
  async takeBack(
    tx: Queries,
    booking: Booking,
    cause: 'refused' | 'abandoned' | 'flight_cancelled',
    detail?: string,
  ): Promise<void> {
    await this.bookings.move(tx, booking, 'CANCELLED', { cause, detail });
    await this.jobs.add(tx, releaseSeats, { booking_id: booking.bookingId });
    await this.settleRedemption(tx, booking);
  }

  /** Ends an offered booking for good, for another reason than its customer's; what was paid goes back in full. */
  async cancel(
    tx: Queries,
    booking: OfferedBooking,
    cause: Exclude<CancellationCause, 'customer'>,
    detail?: string,
  ): Promise<OfferedBooking> {
    const lines = booking.paymentId === null ? [] : linesInFull(booking.priceLines);
    const refundPaise = booking.paymentId === null ? 0 : booking.amountDuePaise;
    return this.end(tx, booking, { cause, detail, refundPaise }, { lines, keptPaise: 0 });
  }

  /** Ends an offered booking as its customer confirmed it, to the paisa. */
  async cancelByQuote(
    tx: Queries,
    booking: OfferedBooking,
    quote: CancellationQuote,
    detail?: string,
  ): Promise<OfferedBooking> {
    const { quoteId: cancellationQuoteId, refundPaise } = quote;
    return this.end(tx, booking, { cause: 'customer', detail, refundPaise, cancellationQuoteId }, quote);
  }

  private async end(
    tx: Queries,
    booking: OfferedBooking,
    facts: MoveFacts & { readonly cause: CancellationCause; readonly refundPaise: number },
    { lines, keptPaise }: Pick<CancellationQuote, 'lines' | 'keptPaise'>,
  ): Promise<OfferedBooking> {
    const cancelled = await this.bookings.move(tx, booking, 'CANCELLED', facts);
    const about = { booking_id: booking.bookingId };
    await this.jobs.add(tx, releaseSeats, about);
    await this.settleRedemption(tx, booking);
    if (facts.refundPaise > 0) await this.jobs.add(tx, refundBooking, about);
    const reason = cancelled.causeDetail ?? CANCELLATION_IN_WORDS[cancelledBy(facts.cause)];
    await this.events.publish(tx, bookingCancelled, cancelled, {
      amount_paise: facts.refundPaise,
      reason,
      refund_lines: refundLinesOf(lines),
      kept_paise: keptPaise,
    });
    return cancelled;
  }

  /**
   * Ends a booking that nobody paid in time. Its seats are not given back: seat-service frees them at the same
   * instant by itself and can then still sell them to a payment that comes late, while seats that were given
   * back are gone for good.
   */
  async expire(tx: Queries, booking: OfferedBooking): Promise<OfferedBooking> {
    const expired = await this.bookings.move(tx, booking, 'EXPIRED', { cause: 'unpaid' });
    await this.settleRedemption(tx, booking);
    await this.events.publish(tx, bookingExpired, expired);
    return expired;
  }

  /** Ends a booking whose seats were not there any more when its payment came. */
  async loseSeats(tx: Queries, booking: OfferedBooking): Promise<OfferedBooking> {
    const expired = await this.bookings.move(tx, booking, 'EXPIRED', { cause: 'seats_lost' });
    await this.settleRedemption(tx, booking);
    return expired;
  }

  private async settleRedemption(tx: Queries, { bookingId, discountCode }: Booking): Promise<void> {
    if (discountCode !== null) await this.jobs.add(tx, settleRedemption, { booking_id: bookingId });
  }
}
