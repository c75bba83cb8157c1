import { bookingStatus, id, instant, lineOfText, nextCursor, pageQuery } from '@flight-booking/contracts';
import { z } from 'zod';

const DEFAULT_PAGE = 20;

/** `GET /api/bookings/stuck`. */
export const stuckBookingsQuery = pageQuery(DEFAULT_PAGE);

const stuckBookingView = z.strictObject({
  booking_id: id,
  pnr: z.string(),
  user_id: id,
  status: bookingStatus,
  since: instant,
  jobs: z.array(
    z.strictObject({
      stuck_id: id,
      job: z.string(),
      reason: z.string().meta({ description: 'Why the last attempt failed' }),
      attempts: z.int().min(1),
      stuck_at: instant,
    }),
  ),
});
/** A booking whose work is stuck, as operators see it. */
export type StuckBookingView = z.infer<typeof stuckBookingView>;

/** `GET /api/bookings/stuck`. */
export const stuckBookingPage = z.strictObject({
  bookings: z.array(stuckBookingView),
  next_cursor: nextCursor,
});

/** `POST /api/bookings/:id/retry`. */
export const retryAnswer = z.strictObject({
  booking_id: id,
  retried: z.array(z.string()).meta({ description: 'The kinds of work that are tried again' }),
});

/** `POST /api/bookings/:id/refund`. */
export const operatorRefundRequest = z.strictObject({
  reason: lineOfText(1, 200).meta({ description: 'The customer reads it' }),
});
