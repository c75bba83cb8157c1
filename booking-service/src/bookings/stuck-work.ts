import { aboutSql } from '@flight-booking/platform';

/** What keeps a booking from going on until an operator looks at it. */
export interface StuckWork {
  /** ISO 8601, as the database writes it. */
  readonly since: string;
  /** Why the work that got stuck last failed the last time. */
  readonly reason: string;
}

/** The booking that a stuck job is about, as text: its own, or that of the event which it was to deliver. */
export const STUCK_BOOKING_ID = aboutSql('booking_id');

/**
 * The {@link StuckWork} of a booking as JSON, or null; for statements that read bookings.
 * @param bookingId an expression
 */
export const stuckWorkSql = (bookingId: string): string => `
  (select json_build_object('since', min(stuck_at), 'reason', (array_agg(reason order by stuck_id desc))[1])
   from stuck_jobs where resolved_at is null and ${STUCK_BOOKING_ID} = (${bookingId})::text
   having count(*) > 0)`;
