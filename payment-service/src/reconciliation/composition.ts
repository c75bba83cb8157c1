import type { ServiceKit, Database } from '@flight-booking/platform';
import type { BookingClient } from '../bookings/booking.client.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';
import { BookingChangesReader } from './booking-changes-reader.js';
import { ComparisonRepository } from './comparison.repository.js';
import { DifferenceRepository } from './difference.repository.js';
import { OpenDifferences } from './open-differences.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { ReconciliationRunRepository } from './reconciliation-run.repository.js';
import { ReconciliationService, type ReconciliationTiming } from './reconciliation.service.js';
import { Repairs } from './repairs.js';
import { StatementReader } from './statement-reader.js';
import { StatementRepository } from './statement.repository.js';

/** What reconciliation compares ours with, and how it repairs ours. */
export interface ReconciledParts {
  readonly provider: PaymentProvider;
  readonly bookings: BookingClient;
  readonly refundTransitions: RefundTransitions;
}

/** Wires reconciliation together. */
export function composeReconciliation(
  kit: ServiceKit,
  database: Database,
  { provider, bookings, refundTransitions }: ReconciledParts,
  timing: ReconciliationTiming,
) {
  const runs = new ReconciliationRunRepository();
  const differences = new DifferenceRepository();
  const comparison = new ComparisonRepository();
  const records = { runs, differences, comparison };
  const bookingChanges = new BookingChangesReader(database, bookings, comparison, runs);
  const statement = new StatementReader(database, provider, new StatementRepository(), runs);
  const repairs = new Repairs(database, kit.jobs, refundTransitions);
  const service = new ReconciliationService(
    database,
    records,
    { statement, bookings, bookingChanges },
    repairs,
    timing,
  );
  const open = kit.add(new OpenDifferences(database, differences, kit.logger));
  kit.metrics.gauge(
    'reconciliation_open_differences',
    'Differences between the books of the provider, of payments and of bookings.',
    () => open.count,
  );
  return { service, controller: new ReconciliationController(service) };
}
