import { CURRENCY, paiseToRupees, problemSlug } from '@flight-booking/contracts';
import { DomainError, type DomainErrorOptions } from '@flight-booking/platform';

/** No booking of the caller's has that id or record locator. */
export class BookingNotFound extends DomainError {
  static readonly slug = problemSlug.bookingNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'There is no such booking';

  /** @param wanted by what it was looked for */
  constructor(wanted: { readonly booking_id: number } | { readonly pnr: string }) {
    super('You have no such booking.', wanted);
  }
}

/** The account's own name cannot stand for the passengers, because no ticket could carry it. */
export class PassengersNeeded extends DomainError {
  static readonly slug = 'passengers-needed';
  static readonly kind = 'unprocessable';
  static readonly title = 'Name the passengers';

  constructor() {
    super(
      'The name of your account is not in Latin letters. Send `passengers` with the names of their travel documents.',
    );
  }
}

/** Nobody paid in time, so there is nothing left to cancel. */
export class BookingExpired extends DomainError {
  static readonly slug = problemSlug.bookingExpired;
  static readonly kind = 'gone';
  static readonly title = 'The booking has expired';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} expired unpaid; its seats are free again.`, { booking_id: bookingId });
  }
}

/** There is nothing left to cancel. */
export class BookingCancelled extends DomainError {
  static readonly slug = problemSlug.bookingCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The booking is cancelled';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} is cancelled already.`, { booking_id: bookingId });
  }
}

/** The booking was taken back while it was being made, because making it took too long. */
export class BookingInterrupted extends DomainError {
  static readonly slug = 'booking-interrupted';
  static readonly kind = 'unavailable';
  static readonly title = 'The booking could not be completed';

  constructor(options?: DomainErrorOptions) {
    super(
      'Making the booking took too long and it was taken back. Lock the seats again and retry.',
      {},
      options,
    );
  }
}

/** What was captured is not what the booking costs. */
export class AmountMismatch extends DomainError {
  static readonly slug = problemSlug.amountMismatch;
  static readonly kind = 'unprocessable';
  static readonly title = 'The amount is not what is due';

  constructor(amountDuePaise: number) {
    super(`The amount due is ${CURRENCY} ${paiseToRupees(amountDuePaise)}.`, {
      amount_due: paiseToRupees(amountDuePaise),
      currency: CURRENCY,
    });
  }
}

/** The payment was made for another booking. */
export class PaymentOfAnotherBooking extends DomainError {
  static readonly slug = problemSlug.paymentOfAnotherBooking;
  static readonly kind = 'conflict';
  static readonly title = 'The payment belongs to another booking';

  constructor(paymentId: number) {
    super(`Payment ${paymentId} was made for another booking.`, { payment_id: paymentId });
  }
}

/** A ticket was issued for a booking that nobody paid, or a second one for the same booking. */
export class TicketRefused extends DomainError {
  static readonly slug = 'ticket-refused';
  static readonly kind = 'conflict';
  static readonly title = 'The booking cannot have this ticket';
}

/** Another booking has the record locator that was drawn. */
export class RecordLocatorTaken extends Error {
  override readonly name = 'RecordLocatorTaken';
}
