import type { BookingStatus, PaymentReturnReason } from '@flight-booking/contracts';
import type { Sale } from '../seats/seat.client.js';

/** What becomes of a captured payment: it confirmed its booking, or it goes back and this is why. */
export type Verdict = 'accepted' | PaymentReturnReason;

/** What of a booking decides about its payments. */
export interface PaidBooking {
  readonly status: BookingStatus;
  /** The status that everybody is told: what is overdue counts as `EXPIRED`. */
  readonly shownStatus: BookingStatus;
  /** Whether its first flight has left, by the database's clock. */
  readonly hasDeparted: boolean;
  /** The flight of it that the airline withdrew. */
  readonly cancelledFlightId: number | null;
}

/** The verdict that a booking's state alone decides; undefined where it depends on the seats. */
export function verdictBeforeSale({ status, hasDeparted }: PaidBooking): PaymentReturnReason | undefined {
  if (status === 'CANCELLED') return 'cancelled';
  if (status === 'CONFIRMED' || status === 'TICKETED') return 'already_paid';
  if (hasDeparted) return 'expired';
  return undefined;
}

/**
 * The verdict once seat-service has answered. The booking's state comes first, for it may have been cancelled or
 * paid otherwise while the seats were being sold.
 */
export function verdictAfterSale(booking: PaidBooking, sale: Sale): Verdict {
  const decided = verdictBeforeSale(booking);
  if (decided !== undefined) return decided;
  if (sale === 'flight_cancelled' || booking.cancelledFlightId !== null) return 'cancelled';
  if (sale === 'flight_departed') return 'expired';
  if (sale === 'lost') return booking.shownStatus === 'EXPIRED' ? 'expired' : 'seats_lost';
  return 'accepted';
}
