import { idText } from '@flight-booking/contracts';
import {
  defineRoute,
  reply,
  type IdempotencyKeys,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { z } from 'zod';
import { BookingNotFound } from '../bookings/booking.errors.js';
import { bookingView } from '../bookings/booking.schemas.js';
import { toBookingView } from '../bookings/booking.view.js';
import { NothingToRefund } from './operation.errors.js';
import {
  operatorRefundRequest,
  retryAnswer,
  stuckBookingPage,
  stuckBookingsQuery,
  type StuckBookingView,
} from './operation.schemas.js';
import type { OperatorService } from './operator.service.js';
import type { StuckBooking } from './stuck-booking.repository.js';

const TAG = 'Operations';
const params = z.strictObject({ id: idText });

/** What operators do with bookings that cannot go on by themselves. */
export class OperatorController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    private readonly operators: OperatorService,
    keys: IdempotencyKeys,
  ) {
    this.routes = [
      defineRoute({
        method: 'GET',
        path: '/api/bookings/stuck',
        operation: 'listStuckBookings',
        summary: 'Bookings whose work was given up on, and why',
        tag: TAG,
        auth: 'admin',
        input: { query: stuckBookingsQuery },
        output: { 200: stuckBookingPage },
        handler: async ({ query: { limit, cursor: after } }) => {
          const { items, nextCursor } = await this.operators.stuck(after, limit);
          return reply(200, { bookings: items.map(toStuckBookingView), next_cursor: nextCursor });
        },
      }),
      defineRoute({
        method: 'POST',
        path: '/api/bookings/:id/retry',
        operation: 'retryBooking',
        summary: 'Have all stuck work of a booking tried again',
        tag: TAG,
        auth: 'admin',
        input: { params },
        output: { 202: retryAnswer },
        problems: [BookingNotFound],
        handler: async ({ params: { id } }) =>
          reply(202, { booking_id: id, retried: await this.operators.retry(id) }),
      }),
      defineRoute({
        method: 'POST',
        path: '/api/bookings/:id/refund',
        operation: 'refundBookingAsOperator',
        summary: 'Cancel a paid booking and give everything back, or give back the fee of a cancelled one',
        description:
          'Safe to repeat. What the rules have kept when its customer cancelled the booking comes back once, with a ' +
          'credit note of its own; 409 `nothing-to-refund` when nothing was kept.',
        tag: TAG,
        auth: 'admin',
        idempotency: keys,
        input: { params, body: operatorRefundRequest },
        output: { 200: bookingView },
        problems: [BookingNotFound, NothingToRefund],
        handler: async ({ params: { id }, body, claim }) =>
          reply(200, toBookingView(await this.operators.refund(id, body.reason, claim))),
      }),
    ];
  }
}

const toStuckBookingView = ({
  bookingId,
  pnr,
  userId,
  status,
  since,
  jobs,
}: StuckBooking): StuckBookingView => ({
  booking_id: bookingId,
  pnr,
  user_id: userId,
  status,
  since: since.toISOString(),
  jobs: jobs.map((job) => ({ ...job, stuck_at: new Date(job.stuck_at).toISOString() })),
});
