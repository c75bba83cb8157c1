import type { BookingStatus } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import { shownStatusSql } from '../bookings/shown-status.js';
import type { Verdict } from '../payments/payment-verdict.js';

/** What whoever reconciles needs to know of a captured payment. */
export interface PaymentState {
  readonly paymentId: number;
  readonly bookingId: number;
  /** As everybody is told: what is overdue counts as `EXPIRED`. */
  readonly bookingStatus: BookingStatus;
  /** Undecided while null. */
  readonly verdict: Verdict | null;
  /** What of it has to go back in the end; nothing while that is undecided. */
  readonly refundDuePaise: number;
}

/**
 * A payment that did not confirm its booking goes back whole. One that did is what the refund of a booking that was
 * cancelled later is taken from.
 */
const STATES = {
  name: 'states-of-booking-payments',
  text: `
    select p.payment_id as "paymentId", p.booking_id as "bookingId", p.verdict,
      ${shownStatusSql('b')} as "bookingStatus",
      case when p.verdict is null then 0
           when p.verdict <> 'accepted' then p.amount_paise
           else coalesce(b.refund_paise, 0) end as "refundDuePaise"
    from booking_payments p join bookings b using (booking_id)
    where p.payment_id = any($1::bigint[])
    order by p.payment_id`,
};

/** Captured payments beside what became of their bookings. */
export class PaymentStateRepository {
  /** The states of the payments that are known among those asked for. */
  async find(queries: Queries, paymentIds: readonly number[]): Promise<PaymentState[]> {
    return queries.rows<PaymentState>(STATES, [paymentIds]);
  }
}
