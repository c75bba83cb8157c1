import { bookingCancelled, bookingExpired, type RefundLine } from '@flight-booking/contracts';
import type { JobQueue, Queries } from '@flight-booking/platform';
import { cancelledBy, type Booking, type CancellationCause, type OfferedBooking } from './booking.js';
import type { BookingEvents } from './booking-events.js';
import { refundBooking, releaseSeats, settleRedemption } from './booking.jobs.js';
import type { BookingRepository, MoveFacts } from './booking.repository.js';
import { CANCELLATION_IN_WORDS } from './booking-words.js';

/** What a cancellation keeps and gives back. */
interface CancellationAmounts {
  readonly keptPaise: number;
  readonly refundPaise: number;
  /** What comes back, by the lines of the price. */
  readonly refundLines: readonly RefundLine[];
}

/** The same as a customer has confirmed it. */
export interface ConfirmedAmounts extends CancellationAmounts {
  readonly quoteId: number;
}

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
    return this.end(tx, booking, { cause, detail }, allOf(booking));
  }

  /** Ends an offered booking as its customer confirmed it, to the paisa. */
  async cancelByQuote(
    tx: Queries,
    booking: OfferedBooking,
    confirmed: ConfirmedAmounts,
    detail?: string,
  ): Promise<OfferedBooking> {
    const facts = { cause: 'customer' as const, detail, cancellationQuoteId: confirmed.quoteId };
    return this.end(tx, booking, facts, confirmed);
  }

  private async end(
    tx: Queries,
    booking: OfferedBooking,
    facts: MoveFacts & { readonly cause: CancellationCause },
    { keptPaise, refundPaise, refundLines }: CancellationAmounts,
  ): Promise<OfferedBooking> {
    const cancelled = await this.bookings.move(tx, booking, 'CANCELLED', { ...facts, refundPaise });
    const about = { booking_id: booking.bookingId };
    await this.jobs.add(tx, releaseSeats, about);
    await this.settleRedemption(tx, booking);
    if (refundPaise > 0) await this.jobs.add(tx, refundBooking, about);
    const reason = cancelled.causeDetail ?? CANCELLATION_IN_WORDS[cancelledBy(facts.cause)];
    await this.events.publish(tx, bookingCancelled, cancelled, {
      amount_paise: refundPaise,
      reason,
      refund_lines: [...refundLines],
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

/** All that was paid, which is nothing of an unpaid booking. */
function allOf({ paymentId, amountDuePaise, priceLines }: OfferedBooking): CancellationAmounts {
  if (paymentId === null) return { keptPaise: 0, refundPaise: 0, refundLines: [] };
  const refundLines = priceLines
    .filter((line) => line.amount_paise !== 0)
    .map(({ flight_id, kind, description, amount_paise }) => ({
      flight_id,
      kind,
      description,
      amount_paise,
    }));
  return { keptPaise: 0, refundPaise: amountDuePaise, refundLines };
}
