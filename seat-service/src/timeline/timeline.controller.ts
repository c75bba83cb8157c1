import { serviceName, timelinePart } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { bookingParams } from '../reservations/reservation.schemas.js';
import type { TimelineService } from './timeline.service.js';

/** Tells other services what was done for a booking. */
export class TimelineController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/internal/bookings/:booking_id/timeline',
      operation: 'getSeatTimeline',
      summary: 'What became of the seats of a booking, and when',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: bookingParams },
      output: { 200: timelinePart },
      handler: async ({ params }) =>
        reply(200, { entries: await this.timelines.ofBooking(params.booking_id) }),
    }),
  ];

  constructor(private readonly timelines: TimelineService) {}
}
