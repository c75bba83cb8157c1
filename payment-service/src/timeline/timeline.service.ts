import type { Database } from '@flight-booking/platform';
import type { MoneyTrace, TimelineRepository } from './timeline.repository.js';

/** Tells what happened to the money of bookings. */
export class TimelineService {
  constructor(
    private readonly database: Database,
    private readonly timeline: TimelineRepository,
  ) {}

  /** Of a booking that nobody paid for: nothing. */
  async ofBooking(bookingId: number): Promise<MoneyTrace> {
    return this.timeline.find(this.database, bookingId);
  }
}
