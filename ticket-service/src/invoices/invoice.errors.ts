import { DomainError } from '@flight-booking/platform';

/** There is no such invoice, or it is somebody else's. */
export class InvoiceNotFound extends DomainError {
  static readonly slug = 'invoice-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such invoice';

  constructor(invoiceId: number) {
    super(`You have no invoice ${invoiceId}.`);
  }
}
