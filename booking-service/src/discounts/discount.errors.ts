import { problemSlug } from '@flight-booking/contracts';
import { DomainError, type DomainErrorOptions } from '@flight-booking/platform';

/** The discount code cannot be used for this booking; `reason` says why. */
export class DiscountNotApplicable extends DomainError {
  static readonly slug = problemSlug.discountNotApplicable;
  static readonly kind = 'unprocessable';
  static readonly title = 'The discount code cannot be used';

  constructor(code: string, detail: string, reason: string, options?: DomainErrorOptions) {
    super(detail, { code, reason }, options);
  }
}

/** The use of the code was given back before it was taken, and the booking never gets one again. */
export class RedemptionReleased extends DomainError {
  static readonly slug = problemSlug.redemptionReleased;
  static readonly kind = 'conflict';
  static readonly title = 'The redemption was released';

  constructor(bookingId: number, options?: DomainErrorOptions) {
    super(`The discount of booking ${bookingId} was given back.`, { booking_id: bookingId }, options);
  }
}
