import type { Queries, UserPrincipal } from '@flight-booking/platform';
import type { BookingService } from '../bookings/booking.service.js';
import { entryOf } from './booking-entries.js';
import type { BookingFactRepository } from './booking-fact.repository.js';
import { mergedTimeline, type Timeline } from './timeline.js';
import type { TimelineClient } from './timeline.client.js';

/** Tells all that happened to a booking, here and in the services that did something for it. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly bookings: BookingService,
    private readonly facts: BookingFactRepository,
    private readonly neighbours: readonly TimelineClient[],
  ) {}

  /** For its customer or an administrator. @throws BookingNotFound */
  async timelineFor(reader: UserPrincipal, bookingId: number): Promise<Timeline> {
    const booking = await this.bookings.bookingFor(reader, bookingId);
    const [facts, ...parts] = await Promise.all([
      this.facts.ofBooking(this.queries, bookingId),
      ...this.neighbours.map(async (neighbour) => ({
        service: neighbour.service,
        entries: await neighbour.entriesOf(bookingId),
      })),
    ]);
    return mergedTimeline(
      facts.map((fact) => entryOf(fact, booking)),
      parts,
    );
  }
}
