import type { Database, Queries } from '@flight-booking/platform';
import { neverReserved, type Reservation } from './reservation.js';
import type { ReservationRepository } from './reservation.repository.js';
import type { ReservationService } from './reservation.service.js';
import { refusalOf, repeated, type SaleAnswer, type SaleKey } from './sale.js';
import type { SaleRepository } from './sale.repository.js';

/**
 * Sells bookings their seats, and answers each payment once and for ever. A refusal is on record before anybody hears
 * of it, because the payment goes back then: the same request that another copy of this service still holds, or that
 * is delivered twice, must not sell the seats afterwards. Another payment of the booking has an answer of its own.
 */
export class SaleService {
  constructor(
    private readonly database: Database,
    private readonly sales: SaleRepository,
    private readonly reservations: ReservationRepository,
    private readonly seats: ReservationService,
  ) {}

  /**
   * Makes the seats of a booking its own for good.
   * @throws SeatsLost when it does not have all of them any more
   * @throws FlightCancelled | FlightDeparted | LocksUnavailable
   */
  async sell(sale: SaleKey): Promise<Reservation> {
    try {
      return await this.seats.sell(sale);
    } catch (failure) {
      const refusal = refusalOf(failure);
      if (refusal === undefined) throw failure;
      const standing = await this.database.transaction((tx) => this.record(tx, sale, refusal));
      return this.repeat(sale, standing);
    }
  }

  /** Records a refusal unless the same request was answered meanwhile. Returns the answer that stands. */
  private async record(tx: Queries, sale: SaleKey, refusal: SaleAnswer): Promise<SaleAnswer> {
    // A booking that was refused before it had reserved anything needs a row to hold, and gets no seats later.
    await this.reservations.add(tx, neverReserved(sale.bookingId));
    await this.reservations.lock(tx, sale.bookingId);
    return (await this.sales.record(tx, sale, refusal)) ?? refusal;
  }

  private async repeat({ bookingId }: SaleKey, answer: SaleAnswer): Promise<Reservation> {
    const reservation = await this.reservations.find(this.database, bookingId);
    return repeated(answer, reservation ?? neverReserved(bookingId));
  }
}
