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

/** So many as discount-service takes in one call. */
const REFUSED_OF_EXPIRED = {
  name: 'refused-payments-of-expired-booking',
  text: `
    select coalesce((select jsonb_agg(payment_id) from (
        select payment_id from booking_payments as p
        where p.booking_id = b.booking_id and verdict <> 'accepted' order by decided_at desc limit 1000
      ) as newest), '[]') as refused
    from bookings as b
    where booking_id = $1 and status = 'EXPIRED' and not exists (
      select from booking_payments as p where p.booking_id = b.booking_id and verdict is null)`,
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

  /**
   * The payments of an expired booking that were refused, the newest first; undefined while one of it is on its way to
   * a verdict, or when it is not expired any more. One statement sees the state and the payments that belong to it.
   */
  async refusedOfExpired(queries: Queries, bookingId: number): Promise<number[] | undefined> {
    const row = await queries.maybeRow<{ refused: number[] }>(REFUSED_OF_EXPIRED, [bookingId]);
    return row?.refused;
  }

  /** Whether a payment for the booking is on its way to a verdict. */
  async hasUndecided(queries: Queries, bookingId: number): Promise<boolean> {
    const { undecided } = await queries.row<{ undecided: boolean }>(
      `select exists (select from booking_payments where booking_id = $1 and verdict is null) as undecided`,
      [bookingId],
    );
    return undecided;
  }
}
