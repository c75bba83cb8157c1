import { DomainError } from '@flight-booking/platform';
import type { CreditNoteOccasion } from './invoice.js';

/** There is no such invoice, or it is somebody else's. */
export class InvoiceNotFound extends DomainError {
  static readonly slug = 'invoice-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such invoice';

  constructor(invoiceId: number) {
    super(`You have no invoice ${invoiceId}.`, { invoice_id: invoiceId });
  }
}

/** Why an invoice lacks the credit note of an occasion. */
const WHY_NONE: Readonly<Record<CreditNoteOccasion, string>> = {
  cancellation: 'has no credit note: no cancellation gave anything of it back',
  returned_fee: 'has no credit note over a returned fee: no cancellation fee of it was given back',
};

/** Nothing took the invoice back on that occasion; on the other one, something may have. */
export class CreditNoteNotFound extends DomainError {
  static readonly slug = 'credit-note-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'The invoice has no such credit note';

  constructor(invoiceId: number, occasion: CreditNoteOccasion) {
    super(`Invoice ${invoiceId} ${WHY_NONE[occasion]}.`, { invoice_id: invoiceId, occasion });
  }
}
