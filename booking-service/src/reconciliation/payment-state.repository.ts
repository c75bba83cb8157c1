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
  /** For how long nothing of this has changed. */
  readonly unchangedMs: number;
}

/** A payment whose state changed, and where the list of changes goes on after it. */
export interface ChangedPaymentState extends PaymentState {
  readonly position: string;
}

/**
 * A payment that did not confirm its booking goes back whole. One that did is what the refund of a booking that was
 * cancelled later is taken from, and the fee that was kept at first and given back later.
 */
const STATE = `
  p.payment_id as "paymentId", p.booking_id as "bookingId", p.verdict, ${shownStatusSql('b')} as "bookingStatus",
  case when p.verdict is null then 0
       when p.verdict <> 'accepted' then p.amount_paise
       else coalesce(b.refund_paise, 0)
         + coalesce((select amount_paise from returned_fees r where r.payment_id = p.payment_id
             and r.booking_id = p.booking_id), 0) end as "refundDuePaise",
  greatest(0, floor(extract(epoch from clock_timestamp() - c.changed_at) * 1000))::bigint as "unchangedMs"`;
const BOOKS = `booking_payments p join bookings b using (booking_id)
  join payment_state_changes c on c.payment_id = p.payment_id`;

const STATES = {
  name: 'states-of-booking-payments',
  text: `select ${STATE} from ${BOOKS} where p.payment_id = any($1::bigint[]) order by p.payment_id`,
};

/** A transaction that is still open may yet add changes before those of transactions that began after it. */
const CHANGES = {
  name: 'changes-of-booking-payments',
  text: `
    select ${STATE}, c.changed_in || ':' || c.payment_id as position from ${BOOKS}
    where c.changed_in < pg_snapshot_xmin(pg_current_snapshot())
      and (c.changed_in, c.payment_id) > (split_part($1, ':', 1)::xid8, split_part($1, ':', 2)::bigint)
    order by c.changed_in, c.payment_id limit 500`,
};
/** Before every change: no transaction has the number 0. */
const BEGIN = '0:0';

/** Captured payments beside what became of their bookings. */
export class PaymentStateRepository {
  /** The states of the payments that are known among those asked for. */
  async find(queries: Queries, paymentIds: readonly number[]): Promise<PaymentState[]> {
    return queries.rows<PaymentState>(STATES, [paymentIds]);
  }

  /** Those that changed after a position, in the order of their last change; at most 500. */
  async changes(queries: Queries, after = BEGIN): Promise<ChangedPaymentState[]> {
    return queries.rows<ChangedPaymentState>(CHANGES, [after]);
  }
}
