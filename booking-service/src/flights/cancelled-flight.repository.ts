import type { Queries } from '@flight-booking/platform';

/** The flights that the airline withdrew, as far as booking-service has heard. */
export class CancelledFlightRepository {
  async record(tx: Queries, flightId: number, reason: string): Promise<void> {
    await tx.execute(
      'insert into cancelled_flights (flight_id, reason) values ($1, $2) on conflict (flight_id) do nothing',
      [flightId, reason],
    );
  }

  /**
   * Every booking on a flight that is not cancelled yet. Expired ones are among them, for a late payment may be
   * confirming one at this moment.
   */
  async bookingsOn(queries: Queries, flightId: number): Promise<number[]> {
    const rows = await queries.rows<{ bookingId: number }>(
      `select booking_id as "bookingId" from booking_flights join bookings using (booking_id)
       where flight_id = $1 and status <> 'CANCELLED' order by booking_id`,
      [flightId],
    );
    return rows.map(({ bookingId }) => bookingId);
  }
}
