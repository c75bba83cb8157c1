import type { Queries } from '@flight-booking/platform';
import type { RedemptionStatus } from '../redemptions/redemption.js';

/** One state that the redemption of a booking came into. */
export interface RedemptionMove {
  readonly status: RedemptionStatus;
  readonly changedAt: Date;
  /** Null when the booking never took a discount. */
  readonly code: string | null;
  readonly discountPaise: number | null;
}

const HISTORY = {
  name: 'redemption-history-of-booking',
  text: `
    select redemption_history.status, changed_at as "changedAt", code, discount_paise as "discountPaise"
    from redemption_history join redemptions using (booking_id)
    where booking_id = $1 order by history_id`,
};

/** Reads what became of a booking's redemption. */
export class TimelineRepository {
  async ofBooking(queries: Queries, bookingId: number): Promise<RedemptionMove[]> {
    return queries.rows<RedemptionMove>(HISTORY, [bookingId]);
  }
}
