import type { BookingStatus } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { Verdict } from './payment-verdict.js';

/** A captured payment that booking-service was told of. */
export interface BookingPayment {
  readonly paymentId: number;
  readonly bookingId: number;
  readonly amountPaise: number;
  /** Undecided while null. */
  readonly verdict: Verdict | null;
}

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
      case when b.status = 'PENDING' and b.expires_at <= now() then 'EXPIRED' else b.status end as "bookingStatus",
      case when p.verdict is null then 0
           when p.verdict <> 'accepted' then p.amount_paise
           else coalesce(b.refund_paise, 0) end as "refundDuePaise"
    from booking_payments p join bookings b using (booking_id)
    where p.payment_id = any($1::bigint[])
    order by p.payment_id`,
};

/** What became of the payments for bookings. */
export class BookingPaymentRepository {
  /** Writes a payment down unless it is known. Returns whether it is new. */
  async add(tx: Queries, paymentId: number, bookingId: number, amountPaise: number): Promise<boolean> {
    const added = await tx.execute(
      {
        name: 'add-booking-payment',
        text: `insert into booking_payments (payment_id, booking_id, amount_paise) values ($1, $2, $3)
               on conflict (payment_id) do nothing`,
      },
      [paymentId, bookingId, amountPaise],
    );
    return added === 1;
  }

  async find(queries: Queries, paymentId: number): Promise<BookingPayment | undefined> {
    return queries.maybeRow<BookingPayment>(
      {
        name: 'find-booking-payment',
        text: `select payment_id as "paymentId", booking_id as "bookingId", amount_paise as "amountPaise", verdict
               from booking_payments where payment_id = $1`,
      },
      [paymentId],
    );
  }

  async decide(tx: Queries, paymentId: number, verdict: Verdict): Promise<void> {
    await tx.execute(
      {
        name: 'decide-booking-payment',
        text: `update booking_payments set verdict = $2, decided_at = clock_timestamp() where payment_id = $1`,
      },
      [paymentId, verdict],
    );
  }

  /** Whether a payment for the booking is on its way to a verdict. */
  async hasUndecided(queries: Queries, bookingId: number): Promise<boolean> {
    const { undecided } = await queries.row<{ undecided: boolean }>(
      `select exists (select from booking_payments where booking_id = $1 and verdict is null) as undecided`,
      [bookingId],
    );
    return undecided;
  }

  /** The states of the payments that are known among those asked for. */
  async states(queries: Queries, paymentIds: readonly number[]): Promise<PaymentState[]> {
    return queries.rows<PaymentState>(STATES, [paymentIds]);
  }
}
