import { DomainError } from '@flight-booking/platform';

/** The books are being compared at this moment. */
export class ReconciliationRunning extends DomainError {
  static readonly slug = 'reconciliation-running';
  static readonly kind = 'conflict';
  static readonly title = 'The books are being compared already';

  constructor() {
    super('Another comparison is under way. Look at its outcome with GET /api/payments/reconciliation.');
  }
}
