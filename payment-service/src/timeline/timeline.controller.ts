import { serviceName, timelinePart } from '@flight-booking/contracts';
import { defineRoute, idText, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import type { TimelineService } from './timeline.service.js';
import { toTimelineView } from './timeline.view.js';

/** What happened to the money of a booking, for booking-service's timeline. */
export class TimelineController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/internal/bookings/:id/timeline',
      operation: 'getPaymentTimeline',
      summary: 'What happened to the money of a booking, the oldest first',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: z.strictObject({ id: idText }) },
      output: { 200: timelinePart },
      handler: async ({ params }) => reply(200, toTimelineView(await this.timeline.ofBooking(params.id))),
    }),
  ];

  constructor(private readonly timeline: TimelineService) {}
}
