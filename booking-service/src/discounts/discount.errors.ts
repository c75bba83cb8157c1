import { DomainError } from '@flight-booking/platform';

/** The discount code cannot be used for this booking; `reason` says why. */
export class DiscountNotApplicable extends DomainError {
  static readonly slug = 'discount-not-applicable';
  static readonly kind = 'unprocessable';
  static readonly title = 'The discount code cannot be used';

  constructor(code: string, detail: string, reason: string, options?: ErrorOptions) {
    super(detail, { code, reason }, options);
  }
}
