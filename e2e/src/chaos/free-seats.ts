import type { Client } from './customers/client.js';
import type { World } from './customers/world.js';

/** A seat in a seat map. */
interface MappedSeat {
  readonly seat: string;
  readonly status: string;
}

/**
 * Seats that nobody has and that nevertheless cannot be had: a lock or a reservation that is over still blocks them.
 * It is found by trying to lock them, as the next customer would.
 */
export async function blockedSeats(customer: Client, { hotFlights, hotSeats }: World): Promise<string[]> {
  const blocked: string[] = [];
  for (const flightId of hotFlights) {
    const map = await customer.insist({ action: 'other', path: `/api/seats/${flightId}` });
    const seats: MappedSeat[] = map.answer.cabins.flatMap((cabin: { rows: { seats: MappedSeat[] }[] }) =>
      cabin.rows.flatMap((row) => row.seats),
    );
    for (const { seat, status } of seats.filter((one) => hotSeats.includes(one.seat))) {
      if (status === 'sold') continue;
      const body = { flight_id: flightId, seats: [seat] };
      const lock = await customer.insist({
        action: 'lock',
        path: '/api/seats/lock',
        body,
        key: customer.random.key(),
      });
      if (lock.outcome !== 'ok')
        blocked.push(`${flightId}/${seat} is ${status}, and locking it is answered ${lock.status}`);
    }
  }
  return blocked;
}
