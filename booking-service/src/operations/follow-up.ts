import { performance } from 'node:perf_hooks';
import { id } from '@flight-booking/contracts';
import type { Job, JobHandler, Queries } from '@flight-booking/platform';
import { z } from 'zod';
import { refundBooking, releaseSeats, settleRedemption } from '../bookings/booking.jobs.js';
import type { FollowUpRepository } from './follow-up.repository.js';

/** What a booking's state makes due in other services; the database keeps the same list under the jobs' names. */
export const FOLLOW_UPS: readonly Job[] = [releaseSeats, settleRedemption, refundBooking];

const aboutBooking = z.object({ booking_id: id });

/** The handler of a follow-up's job, which writes down that it was done. */
export const recorded = (
  handler: JobHandler,
  queries: Queries,
  followUps: FollowUpRepository,
): JobHandler => ({
  ...handler,
  handle: async (data, attempt) => {
    const begunAt = performance.now();
    await handler.handle(data, attempt);
    const { booking_id: bookingId } = aboutBooking.parse(data);
    await followUps.done(queries, bookingId, handler.job.name, performance.now() - begunAt);
  },
});
