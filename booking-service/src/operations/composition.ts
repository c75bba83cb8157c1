import type { Database, IdempotencyKeys, ServiceKit } from '@flight-booking/platform';
import type { BookingEndings } from '../bookings/booking-endings.js';
import type { BookingRepository } from '../bookings/booking.repository.js';
import type { FeeReturns } from '../cancellations/fee-returns.js';
import { LostWorkRepository } from './lost-work.repository.js';
import { OperatorController } from './operator.controller.js';
import { OperatorService } from './operator.service.js';
import { StuckBookingRepository } from './stuck-booking.repository.js';
import { watchBookingsHandler } from './watch-bookings.job.js';
import { WatchBookingsService } from './watch-bookings.service.js';

/** What operators work with. */
export interface OperationParts {
  readonly bookings: BookingRepository;
  readonly endings: BookingEndings;
  readonly feeReturns: FeeReturns;
  readonly keys: IdempotencyKeys;
}

/** Wires together what looks after work that is stuck or lost. */
export function composeOperations(
  kit: ServiceKit,
  database: Database,
  { bookings, endings, feeReturns, keys }: OperationParts,
  patienceMs: number,
) {
  const stuckBookings = new StuckBookingRepository();
  const records = { bookings, endings, feeReturns, stuckBookings, stuckJobs: kit.stuckJobRepository };
  const help = 'Jobs that were lost and have been added again.';
  const repaired = kit.metrics.counter('bookings_repaired_total', help, ['job']);
  const report = { repaired, logger: kit.logger };
  const watch = new WatchBookingsService(database, new LostWorkRepository(), kit.jobs, report, patienceMs);
  return {
    controller: new OperatorController(new OperatorService(database, records), keys),
    handler: watchBookingsHandler(watch),
  };
}
