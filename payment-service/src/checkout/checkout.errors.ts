import { CURRENCY, paiseToRupees, problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** Members of a problem document. */
type Extensions = Readonly<Record<string, unknown>>;

/** The booking is not so far that it could be paid. */
export class BookingNotPayable extends DomainError {
  static readonly slug = 'booking-not-payable';
  static readonly kind = 'conflict';
  static readonly title = 'The booking cannot be paid';

  constructor(bookingId: number, extensions: Extensions = {}) {
    super(`Booking ${bookingId} has no reserved seats to pay for. Book first.`, {
      booking_id: bookingId,
      missing_step: 'book',
      ...extensions,
    });
  }
}

/** The booking is paid. */
export class AlreadyPaid extends DomainError {
  static readonly slug = 'already-paid';
  static readonly kind = 'conflict';
  static readonly title = 'The booking is paid already';

  constructor(bookingId: number, extensions: Extensions = {}) {
    super(`Booking ${bookingId} is paid already.`, { booking_id: bookingId, ...extensions });
  }
}

/** Another payment of the same booking is under way. */
export class PaymentInProgress extends DomainError {
  static readonly slug = 'payment-in-progress';
  static readonly kind = 'conflict';
  static readonly title = 'A payment of this booking is under way';

  /** @param paymentId the other payment, unless it has ended since it stood in the way */
  constructor(bookingId: number, paymentId: number | undefined) {
    super(`Another payment of booking ${bookingId} is under way. Wait for its outcome.`, {
      booking_id: bookingId,
      ...(paymentId !== undefined && { payment_id: paymentId }),
    });
  }
}

/** The booking was not paid in time. */
export class BookingExpired extends DomainError {
  static readonly slug = problemSlug.bookingExpired;
  static readonly kind = 'gone';
  static readonly title = 'The booking has expired';

  constructor(bookingId: number, extensions: Extensions = {}) {
    super(`Booking ${bookingId} was not paid in time. Lock seats and book again.`, {
      booking_id: bookingId,
      ...extensions,
    });
  }
}

/** The booking was cancelled. */
export class BookingCancelled extends DomainError {
  static readonly slug = problemSlug.bookingCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The booking is cancelled';

  constructor(bookingId: number, extensions: Extensions = {}) {
    super(`Booking ${bookingId} is cancelled.`, { booking_id: bookingId, ...extensions });
  }
}

/** The amount is not what is owed. */
export class AmountMismatch extends DomainError {
  static readonly slug = problemSlug.amountMismatch;
  static readonly kind = 'unprocessable';
  static readonly title = 'The amount is not what is due';

  constructor(bookingId: number, amountDuePaise: number) {
    const amountDue = paiseToRupees(amountDuePaise);
    super(`Booking ${bookingId} costs ${amountDue.toFixed(2)} ${CURRENCY}. Nothing was charged.`, {
      booking_id: bookingId,
      amount_due: amountDue,
      currency: CURRENCY,
    });
  }
}

/** The provider took another amount than it was asked for. */
export class CapturedAmountDiffers extends DomainError {
  static readonly slug = 'captured-amount-differs';
  static readonly kind = 'conflict';
  static readonly title = 'The provider took another amount';

  constructor(bookingId: number, extensions: Extensions = {}) {
    super('The provider took another amount than it was asked for. All of it goes back; pay again.', {
      booking_id: bookingId,
      ...extensions,
    });
  }
}

/** The bank or the provider refused the charge. */
export class PaymentDeclined extends DomainError {
  static readonly slug = 'payment-declined';
  static readonly kind = 'payment_required';
  static readonly title = 'The payment was declined';

  constructor(bookingId: number, paymentId: number, declineReason: string) {
    super('The payment was declined and nothing was charged. Try again or pay another way.', {
      booking_id: bookingId,
      payment_id: paymentId,
      decline_reason: declineReason,
    });
  }
}

/** The provider has a charge and has not decided it yet. */
export class ChargeUndecided extends Error {
  override readonly name = 'ChargeUndecided';
}
