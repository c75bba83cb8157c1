import type { BookingStatus } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import { shownStatusSql } from '../bookings/shown-status.js';
import { STUCK_BOOKING_ID } from '../bookings/stuck-work.js';

/** A booking that waits for an operator. */
export interface StuckBooking {
  readonly bookingId: number;
  readonly pnr: string;
  readonly userId: number;
  /** As everybody is told: what is overdue counts as `EXPIRED`. One that was never offered may be `CREATED`. */
  readonly status: BookingStatus;
  readonly since: Date;
  /** What is stuck, in the order in which it got stuck. Times are ISO 8601, as the database writes them. */
  readonly jobs: readonly {
    readonly stuck_id: number;
    readonly job: string;
    readonly reason: string;
    readonly attempts: number;
    readonly stuck_at: string;
  }[];
}

const LIST = {
  name: 'list-stuck-bookings',
  text: `
    select b.booking_id as "bookingId", b.pnr, b.user_id as "userId",
      ${shownStatusSql('b')} as status,
      min(stuck_at) as since,
      json_agg(json_build_object('stuck_id', stuck_id, 'job', job, 'reason', reason, 'attempts', attempts,
                                 'stuck_at', stuck_at) order by stuck_id) as jobs
    from stuck_jobs join bookings as b on b.booking_id::text = ${STUCK_BOOKING_ID}
    where resolved_at is null and b.booking_id > $1
    group by b.booking_id
    order by b.booking_id
    limit $2`,
};

/** The bookings whose work is stuck. */
export class StuckBookingRepository {
  /** By their ids, from the one after the given. */
  async list(queries: Queries, after: number, limit: number): Promise<StuckBooking[]> {
    return queries.rows<StuckBooking>(LIST, [after, limit]);
  }
}
