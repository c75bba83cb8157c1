import { CURRENCY, paiseToRupees, problemSlug, type BookingDetail } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** There is no such booking, or it is somebody else's. */
export class BookingNotFound extends DomainError {
  static readonly slug = problemSlug.bookingNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'There is no such booking';

  constructor(bookingId: number, options: ErrorOptions = {}) {
    super(`You have no booking ${bookingId}.`, { booking_id: bookingId }, options);
  }
}

/** The booking has to be paid before its ticket is issued. */
export class BookingNotPaid extends DomainError {
  static readonly slug = 'booking-not-paid';
  static readonly kind = 'conflict';
  static readonly title = 'The booking is not paid';

  constructor(booking: BookingDetail) {
    super(
      `Booking ${booking.booking_id} is not paid yet. Pay with POST /api/payments/initiate, then ask for the ticket again.`,
      {
        booking_id: booking.booking_id,
        missing_step: 'pay',
        booking_status: booking.status,
        amount_due: paiseToRupees(booking.amount_due_paise),
        currency: CURRENCY,
      },
    );
  }
}

/** Nobody paid for the booking in time. */
export class BookingExpired extends DomainError {
  static readonly slug = problemSlug.bookingExpired;
  static readonly kind = 'gone';
  static readonly title = 'The booking has expired';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} was not paid in time. Lock seats and book again.`, { booking_id: bookingId });
  }
}

/** The booking was cancelled. */
export class BookingCancelled extends DomainError {
  static readonly slug = problemSlug.bookingCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The booking is cancelled';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} is cancelled, so it has no valid ticket.`, { booking_id: bookingId });
  }
}

/** There is no such ticket, or it is somebody else's. */
export class TicketNotFound extends DomainError {
  static readonly slug = 'ticket-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such ticket';

  constructor(ticketId: number) {
    super(`You have no ticket ${ticketId}.`, { ticket_id: ticketId });
  }
}
