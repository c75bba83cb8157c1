import type { Database } from '@flight-booking/platform';
import type { BookingClient } from '../bookings/booking.client.js';
import type { ComparisonRepository } from './comparison.repository.js';
import type { BegunRun } from './reconciliation-run.js';
import type { ReconciliationRunRepository } from './reconciliation-run.repository.js';

/** Reads on in what changed at booking-service; how far is committed together with what has to be compared for it. */
export class BookingChangesReader {
  constructor(
    private readonly database: Database,
    private readonly bookings: BookingClient,
    private readonly comparison: ComparisonRepository,
    private readonly runs: ReconciliationRunRepository,
  ) {}

  /** @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout | RunOvertaken */
  async read({ runId, bookingsPosition }: BegunRun): Promise<void> {
    let after = bookingsPosition ?? undefined;
    for (;;) {
      const { payments, position } = await this.bookings.paymentStateChanges(after);
      if (position === undefined) return;
      await this.database.transaction(async (tx) => {
        await this.comparison.add(tx, payments);
        await this.runs.progress(tx, runId, { bookingsPosition: position });
      });
      after = position;
    }
  }
}
