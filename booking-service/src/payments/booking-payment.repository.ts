import { addJobSql, addJobValues, takeBackJobSql, type Queries } from '@flight-booking/platform';
import { decidePayment, decidePaymentKey } from '../bookings/booking.jobs.js';
import type { Verdict } from './payment-verdict.js';

/** A captured payment that booking-service was told of. */
export interface BookingPayment {
  readonly paymentId: number;
  readonly bookingId: number;
  readonly amountPaise: number;
  /** Undecided while null. */
  readonly verdict: Verdict | null;
}

/** What a payment needs of its booking before the seats can be sold to it. */
export interface ReceivedPayment {
  /** Whether the booking has expired and has a discount code, whose use it may have lost by that. */
  readonly hasExpiredDiscount: boolean;
}

/** A captured payment that booking-service is told of. */
type NewBookingPayment = Omit<BookingPayment, 'verdict'>;

/**
 * The payment of a booking that waits for one, and the job that decides it if nobody else does, in one round trip. The
 * booking's row is held, so that it does not expire between the two. It takes no more than `verdictBeforeSale` leaves
 * undecided, which is asked for all others, and again once the seats are sold.
 */
const RECEIVE = {
  name: 'receive-booking-payment',
  text: `
    with booking as (
      select booking_id, status = 'EXPIRED' and discount_code is not null as "hasExpiredDiscount"
      from bookings
      where booking_id = $2 and amount_due_paise = $3 and status in ('PENDING', 'EXPIRED') and departs_at > now()
      for update
    ), payment as (
      insert into booking_payments (payment_id, booking_id, amount_paise) select $1, booking_id, $3 from booking
      on conflict (payment_id) do nothing
      returning payment_id, booking_id, amount_paise
    )
    select "hasExpiredDiscount" from payment join booking using (booking_id)
    cross join lateral ${addJobSql(
      `json_build_object('booking_id', booking_id, 'payment_id', payment_id, 'amount_paise', amount_paise)`,
      4,
    )}`,
};

const DECIDE = {
  name: 'decide-booking-payment',
  text: `
    with decided as (
      update booking_payments set verdict = $4, decided_at = clock_timestamp()
      where payment_id = $1 and booking_id = $2 and amount_paise = $3 and verdict is null
      returning payment_id
    ), done as (
      ${takeBackJobSql('$5', 'decided')}
    )
    select payment_id from decided`,
};

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
  /**
   * Writes the payment of a booking down that waits for it, with the job that decides it; undefined when the payment is
   * known, or is not what the booking waits for.
   * @param patienceMs how long a decision may take before its job begins
   */
  async receive(
    queries: Queries,
    { paymentId, bookingId, amountPaise }: NewBookingPayment,
    patienceMs: number,
  ): Promise<ReceivedPayment | undefined> {
    const options = { afterMs: patienceMs, key: decidePaymentKey(paymentId) };
    const values = [paymentId, bookingId, amountPaise, ...addJobValues(decidePayment, options)];
    return queries.maybeRow<ReceivedPayment>(RECEIVE, values);
  }

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

  /** Decides a payment once and for ever, and takes its job back. Returns false when it is not there, or is decided. */
  async decide(
    tx: Queries,
    { paymentId, bookingId, amountPaise }: NewBookingPayment,
    verdict: Verdict,
  ): Promise<boolean> {
    const values = [paymentId, bookingId, amountPaise, verdict, decidePaymentKey(paymentId)];
    return (await tx.execute(DECIDE, values)) === 1;
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
