import { idText, serviceName, timelinePart } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import type { TimelineService } from './timeline.service.js';

/** Tells other services what was done for a booking. */
export class TimelineController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/internal/bookings/:id/timeline',
      operation: 'getNotificationTimeline',
      summary: 'What the customer of a booking was told, and whether it arrived',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: z.strictObject({ id: idText }) },
      output: { 200: timelinePart },
      handler: async ({ params: { id } }) => reply(200, { entries: await this.timelines.ofBooking(id) }),
    }),
  ];

  constructor(private readonly timelines: TimelineService) {}
}
