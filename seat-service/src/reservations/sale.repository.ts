import type { Queries } from '@flight-booking/platform';
import type { SaleAnswer, SaleKey } from './sale.js';

/** What was answered when seats were to be sold. */
export class SaleRepository {
  /** What was answered when a booking's seats were to be sold for a payment; undefined when that was not asked yet. */
  async find(queries: Queries, { bookingId, paymentId }: SaleKey): Promise<SaleAnswer | undefined> {
    return queries.maybeRow<SaleAnswer>(
      {
        name: 'find-sale',
        text: `select answer, flight_id as "flightId" from sales where booking_id = $1 and payment_id = $2`,
      },
      [bookingId, paymentId],
    );
  }

  /**
   * Records an answer unless there is one. The reservation has to be locked, so that nobody else answers meanwhile.
   * @returns the answer that was there before and stands; undefined when this one does
   */
  async record(
    tx: Queries,
    sale: SaleKey,
    { answer, flightId }: SaleAnswer,
  ): Promise<SaleAnswer | undefined> {
    const added = await tx.execute(
      {
        name: 'add-sale',
        text: `insert into sales (booking_id, payment_id, answer, flight_id) values ($1, $2, $3, $4)
               on conflict do nothing`,
      },
      [sale.bookingId, sale.paymentId, answer, flightId],
    );
    return added === 1 ? undefined : this.find(tx, sale);
  }
}
