import { timelineOf, type TimelineEntry } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { TimelineRepository } from './timeline.repository.js';
import { toTimelineFacts } from './timeline.view.js';

/** Tells what this service did for a booking. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly timelines: TimelineRepository,
  ) {}

  /** The oldest first; nothing for a booking without a ticket. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    const history = await this.timelines.ofBooking(this.queries, bookingId);
    return history === undefined ? [] : timelineOf(toTimelineFacts(history));
  }
}
