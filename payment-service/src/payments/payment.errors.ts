import { DomainError } from '@flight-booking/platform';

/** The caller has no such payment. */
export class PaymentNotFound extends DomainError {
  static readonly slug = 'payment-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such payment';

  constructor(paymentId: number) {
    super(`You have no payment ${paymentId}.`, { payment_id: paymentId });
  }
}
