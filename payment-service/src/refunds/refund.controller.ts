import { refundRequest } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { refundsAnswer } from './refund.schemas.js';
import type { RefundService } from './refund.service.js';
import { toRefundsView } from './refund.view.js';

/** Refunds that other services ask for. */
export class RefundController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/internal/refunds',
      operation: 'refundBooking',
      summary: 'Give back all that was captured for a booking',
      tag: 'Internal',
      auth: 'service',
      input: { body: refundRequest },
      output: { 200: refundsAnswer },
      handler: async ({ body: { booking_id: bookingId, reason } }) =>
        reply(200, toRefundsView(bookingId, await this.refunds.refundBooking(bookingId, reason))),
    }),
  ];

  constructor(private readonly refunds: RefundService) {}
}
