import { problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** The booking has no redemption. */
export class RedemptionNotFound extends DomainError {
  static readonly slug = problemSlug.redemptionNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'The booking has no redemption';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} has taken no discount.`, { booking_id: bookingId });
  }
}

/** The booking's redemption was released, perhaps before it was taken. */
export class RedemptionReleased extends DomainError {
  static readonly slug = problemSlug.redemptionReleased;
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
  static readonly slug = problemSlug.redemptionDiffers;
  static readonly kind = 'conflict';
  static readonly title = 'The booking has another redemption';

  constructor(bookingId: number) {
    super(`Booking ${bookingId} has taken a discount for another customer, code or amount.`, {
      booking_id: bookingId,
    });
  }
}

/** The booking has a redemption already: two calls for it were under way at once. */
export class RedemptionExists extends Error {
  override readonly name = 'RedemptionExists';

  constructor(bookingId: number, options?: ErrorOptions) {
    super(`Booking ${bookingId} has a redemption.`, options);
  }
}
