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
}
