import { DomainError } from '@flight-booking/platform';

const RETRY_AFTER_SECONDS = 3;

/** More documents are asked for at this moment than can be drawn soon. */
export class TooManyDocuments extends DomainError {
  static readonly slug = 'too-many-documents';
  static readonly kind = 'unavailable';
  static readonly title = 'Too many documents are being drawn right now';

  constructor() {
    super(
      'Too many documents are being drawn right now. Try again in a few seconds.',
      {},
      { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
    );
  }
}
