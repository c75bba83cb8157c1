import { formatPaise, problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** A payment does not give back what is asked for, because other refunds of it stand in the way. */
export class RefundDiffers extends DomainError {
  static readonly slug = problemSlug.refundDiffers;
  static readonly kind = 'conflict';
  static readonly title = 'The refund is of another amount';

  /** @param owedPaise what goes back or went back already */
  constructor(paymentId: number, askedPaise: number, owedPaise: number) {
    super(
      `Of payment ${paymentId} ${formatPaise(owedPaise)} is given back already, so ${formatPaise(askedPaise)} cannot be.`,
      { payment_id: paymentId, asked_paise: askedPaise, refunded_paise: owedPaise },
    );
  }
}

/** The payment belongs to a booking that stands, or whose fate is not decided. */
export class PaymentInUse extends DomainError {
  static readonly slug = 'payment-in-use';
  static readonly kind = 'conflict';
  static readonly title = 'The payment belongs to a booking that stands';

  constructor(paymentId: number, bookingId: number, bookingStatus: string) {
    super(
      `Booking ${bookingId} is ${bookingStatus} with payment ${paymentId}. Give it back with POST /api/bookings/${bookingId}/refund.`,
      { payment_id: paymentId, booking_id: bookingId, booking_status: bookingStatus },
    );
  }
}

/** The booking was cancelled by its terms, and what they give back is owed: the rest is the booking's to decide. */
export class RefundSettled extends DomainError {
  static readonly slug = 'refund-settled';
  static readonly kind = 'conflict';
  static readonly title = 'The refund is what the cancellation of the booking says';

  constructor(paymentId: number, bookingId: number, refundPaise: number) {
    super(
      `Booking ${bookingId} is cancelled, and ${formatPaise(refundPaise)} of payment ${paymentId} are due and given back. What it has kept is given back with POST /api/bookings/${bookingId}/refund.`,
      { payment_id: paymentId, booking_id: bookingId, refund_paise: refundPaise },
    );
  }
}

/** Nothing can be given back, because nothing came in. */
export class NothingCaptured extends DomainError {
  static readonly slug = 'nothing-captured';
  static readonly kind = 'conflict';
  static readonly title = 'No money came in with this payment';

  constructor(paymentId: number) {
    super(`Nothing was captured with payment ${paymentId}, so nothing can be given back.`, {
      payment_id: paymentId,
    });
  }
}

/** Another attempt at a refund has to wait, because the last one failed just now. */
export class RefundNotDue extends Error {
  override readonly name = 'RefundNotDue';
}

/** The provider has accepted a refund and has not paid it yet. */
export class RefundUndecided extends Error {
  override readonly name = 'RefundUndecided';
}
