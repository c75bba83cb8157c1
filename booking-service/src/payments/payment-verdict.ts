import type { ConfirmBookingAnswer } from '@flight-booking/contracts';
import type { Booking } from '../bookings/booking.js';
import type { Sale } from '../seats/seat.client.js';

/** What becomes of a captured payment: it confirmed its booking, or it goes back and this is why. */
export type Verdict = 'accepted' | 'expired' | 'cancelled' | 'seats_lost' | 'already_paid';

/** The verdict that a booking's state alone decides; undefined where it depends on the seats. */
export function verdictBeforeSale({ status }: Booking): Verdict | undefined {
  if (status === 'CANCELLED') return 'cancelled';
  if (status === 'CONFIRMED' || status === 'TICKETED') return 'already_paid';
  return undefined;
}

/**
 * The verdict once seat-service has answered. The booking's state comes first, for it may have been cancelled or
 * paid otherwise while the seats were being sold.
 */
export function verdictAfterSale(booking: Booking, sale: Sale): Verdict {
  const decided = verdictBeforeSale(booking);
  if (decided !== undefined) return decided;
  if (sale === 'flight_cancelled' || booking.flightCancelled) return 'cancelled';
  if (sale === 'lost') return booking.shownStatus === 'EXPIRED' ? 'expired' : 'seats_lost';
  return 'accepted';
}

/** The verdict as payment-service is told. */
export const answerOf = (verdict: Verdict, { shownStatus }: Booking): ConfirmBookingAnswer =>
  verdict === 'accepted'
    ? { accepted: true, booking_status: shownStatus }
    : { accepted: false, booking_status: shownStatus, reason: verdict };
