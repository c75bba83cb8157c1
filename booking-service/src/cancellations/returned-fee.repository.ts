import type { Queries } from '@flight-booking/platform';

/** A fee that goes back. */
export interface NewReturnedFee {
  readonly bookingId: number;
  /** What the booking was paid with. */
  readonly paymentId: number;
  readonly amountPaise: number;
  /** Why, for the customer. */
  readonly reason: string;
}

const ADD = {
  name: 'add-returned-fee',
  text: 'insert into returned_fees (booking_id, payment_id, amount_paise, reason) values ($1, $2, $3, $4)',
};

/** The cancellation fees that were given back; they are read with their bookings. */
export class ReturnedFeeRepository {
  /** Once for a booking: the database refuses a second one, and one of another amount than was kept. */
  async add(tx: Queries, { bookingId, paymentId, amountPaise, reason }: NewReturnedFee): Promise<void> {
    await tx.execute(ADD, [bookingId, paymentId, amountPaise, reason]);
  }
}
