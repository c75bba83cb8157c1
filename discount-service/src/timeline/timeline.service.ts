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

  /** The oldest first; nothing for a booking that never took a discount. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    const moves = await this.timelines.ofBooking(this.queries, bookingId);
    return timelineOf(moves.flatMap(toTimelineFacts));
  }
}
