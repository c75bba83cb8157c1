import { formatPaise } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';
import type { OfferedBooking } from '../bookings/booking.js';

/** The booking is not paid, or it was cancelled before and keeps nothing: all that was paid comes back already. */
export class NothingToRefund extends DomainError {
  static readonly slug = 'nothing-to-refund';
  static readonly kind = 'conflict';
  static readonly title = 'There is nothing to give back';

  constructor({ bookingId, shownStatus, refundPaise }: OfferedBooking) {
    super(
      refundPaise === null
        ? `Booking ${bookingId} is ${shownStatus} and not paid.`
        : `Booking ${bookingId} is cancelled already, and ${formatPaise(refundPaise)} come back.`,
      { booking_id: bookingId, booking_status: shownStatus },
    );
  }
}
