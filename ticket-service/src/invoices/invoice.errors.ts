import { DomainError } from '@flight-booking/platform';

/** There is no such invoice, or it is somebody else's. */
export class InvoiceNotFound extends DomainError {
  static readonly slug = 'invoice-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such invoice';

  constructor(invoiceId: number) {
    super(`You have no invoice ${invoiceId}.`, { invoice_id: invoiceId });
  }
}

/** The invoice stands: nothing took it back. */
export class CreditNoteNotFound extends DomainError {
  static readonly slug = 'credit-note-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'The invoice has no credit note';

  constructor(invoiceId: number) {
    super(`Invoice ${invoiceId} has no credit note: nothing of it was given back.`, {
      invoice_id: invoiceId,
    });
  }
}
