import { timelineOf, type TimelineEntry } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { ReservationRepository } from '../reservations/reservation.repository.js';
import { toTimelineFacts } from './timeline.view.js';

/** Tells what this service did for a booking. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly reservations: ReservationRepository,
  ) {}

  /** The oldest first; nothing for a booking that was never heard of. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    const reservation = await this.reservations.find(this.queries, bookingId);
    if (reservation === undefined) return [];
    const steps = await this.reservations.steps(this.queries, bookingId);
    return timelineOf(toTimelineFacts({ reservation, steps }));
  }
}
