import { idText } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { BookingNotFound } from '../bookings/booking.errors.js';
import { timelineView, type TimelineView } from './timeline.schemas.js';
import type { TimelineService } from './timeline.service.js';
import type { Timeline } from './timeline.js';

/** What happened to bookings. */
export class TimelineController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/bookings/:id/timeline',
      operation: 'getBookingTimeline',
      summary: 'All that happened to a booking, the oldest first',
      description:
        'Every lock, price, charge, webhook, refund, ticket and message, with its time and its cause. A service that ' +
        'cannot be asked is named in `incomplete`.',
      tag: 'Bookings',
      auth: 'user',
      input: { params: z.strictObject({ id: idText }) },
      output: { 200: timelineView },
      problems: [BookingNotFound],
      handler: async ({ principal, params: { id } }) =>
        reply(200, toTimelineView(id, await this.timelines.timelineFor(principal, id))),
    }),
  ];

  constructor(private readonly timelines: TimelineService) {}
}

const toTimelineView = (bookingId: number, { entries, incomplete }: Timeline): TimelineView => ({
  booking_id: bookingId,
  entries: [...entries],
  incomplete: [...incomplete],
});
