import { DomainError } from '@flight-booking/platform';

/** The booking has no redemption. */
export class RedemptionNotFound extends DomainError {
  static readonly slug = 'redemption-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'The booking has no redemption';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} has taken no discount.`, { booking_id: bookingId });
  }
}

/** The booking's redemption was released, perhaps before it was taken. */
export class RedemptionReleased extends DomainError {
  static readonly slug = 'redemption-released';
  static readonly kind = 'conflict';
  static readonly title = 'The redemption was released';

  constructor(bookingId: number) {
    super(`The discount of booking ${bookingId} was released and cannot be taken again.`, {
      booking_id: bookingId,
    });
  }
}

/** The booking has a redemption on other terms. */
export class RedemptionDiffers extends DomainError {
  static readonly slug = 'redemption-differs';
  static readonly kind = 'conflict';
  static readonly title = 'The booking has another redemption';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} has taken a discount for another customer, code or amount.`, {
      booking_id: bookingId,
    });
  }
}
