import type { Queries } from '@flight-booking/platform';

/** What was begun before the follow-up fell due was done for an earlier state, and leaves the new one owing it. */
const DONE = {
  name: 'follow-up-of-booking-done',
  text: `
    update booking_follow_ups set done_at = clock_timestamp()
    where booking_id = $1 and follow_up = $2 and done_at is null
      and due_at <= clock_timestamp() - $3::double precision * interval '1 millisecond'`,
};

/** What bookings owe to other services; the database itself writes down what falls due. */
export class FollowUpRepository {
  /** @param tookMs how long it took, up to now */
  async done(queries: Queries, bookingId: number, followUp: string, tookMs: number): Promise<void> {
    await queries.execute(DONE, [bookingId, followUp, tookMs]);
  }
}
