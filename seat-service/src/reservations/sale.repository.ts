import type { Queries } from '@flight-booking/platform';
import type { SaleAnswer, SaleKey } from './sale.js';

/** What was answered when seats were to be sold. */
export class SaleRepository {
  /** To be asked under the reservation's row lock, where nobody else can answer in between. */
  async find(queries: Queries, { bookingId, paymentId }: SaleKey): Promise<SaleAnswer | undefined> {
    return queries.maybeRow<SaleAnswer>(
      {
        name: 'find-sale',
        text: `select answer, flight_id as "flightId" from sales where booking_id = $1 and payment_id = $2`,
      },
      [bookingId, paymentId],
    );
  }

  async add(tx: Queries, { bookingId, paymentId }: SaleKey, { answer, flightId }: SaleAnswer): Promise<void> {
    await tx.execute(
      {
        name: 'add-sale',
        text: 'insert into sales (booking_id, payment_id, answer, flight_id) values ($1, $2, $3, $4)',
      },
      [bookingId, paymentId, answer, flightId],
    );
  }
}
