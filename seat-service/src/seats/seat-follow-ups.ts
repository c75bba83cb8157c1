import { id, seatsAvailabilityChanged, type Cabin, type SeatsByCabin } from '@flight-booking/contracts';
import {
  defineJob,
  handleJob,
  type Database,
  type EventPublisher,
  type JobHandler,
  type JobQueue,
  type Queries,
} from '@flight-booking/platform';
import { z } from 'zod';
import type { Flight } from '../flights/flight.js';
import type { FlightRepository } from '../flights/flight.repository.js';
import { cabinsBySeat } from './seat.js';
import type { SeatLocks } from './seat-locks.js';
import type { SeatRepository } from './seat.repository.js';

/** Tells everybody who keeps a picture of a flight's seats that it has changed. */
const announceSeats = defineJob('announce-seats', z.strictObject({ flight_id: id }));

/** Frees the seats of a booking that nobody paid in time. */
const expireReservation = defineJob('expire-reservation', z.strictObject({ booking_id: id }));

/** Free seats by cabin, given those that are not free. */
export function countFree(flight: Flight, taken: readonly { readonly seatNumber: string }[]): SeatsByCabin {
  const cabins = cabinsBySeat(flight.aircraftType);
  const unavailable = new Set(taken.map(({ seatNumber }) => seatNumber));
  const free: Partial<Record<Cabin, number>> = {};
  for (const [seat, cabin] of cabins) free[cabin] = (free[cabin] ?? 0) + (unavailable.has(seat) ? 0 : 1);
  return free;
}

/**
 * What follows a change of seats: jobs, added in the transaction that makes the change. An announcement reads the
 * state when it runs, so many changes of one flight become one announcement.
 */
export class SeatFollowUps {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobQueue,
    private readonly seats: SeatRepository,
    private readonly flights: FlightRepository,
    private readonly locks: SeatLocks,
    private readonly events: EventPublisher,
  ) {}

  /** Seats of these flights change. */
  async announce(tx: Queries, flightIds: readonly number[]): Promise<void> {
    for (const flightId of flightIds) {
      await this.jobs.add(tx, announceSeats, { flight_id: flightId }, { key: `announce-seats:${flightId}` });
    }
  }

  /** The seats of a booking are free again at that time unless it is paid. */
  async expireAt(tx: Queries, bookingId: number, expiresAt: Date): Promise<void> {
    await this.jobs.add(tx, expireReservation, { booking_id: bookingId }, { runAt: expiresAt });
  }

  /** The handlers of the jobs above. */
  handlers(expire: (bookingId: number) => Promise<void>): JobHandler[] {
    return [
      handleJob(announceSeats, ({ flight_id: flightId }) => this.tellOutside(flightId)),
      handleJob(expireReservation, ({ booking_id: bookingId }) => expire(bookingId)),
    ];
  }

  private async tellOutside(flightId: number): Promise<void> {
    const [flight] = await this.flights.find(this.database, [flightId]);
    if (flight === undefined) return;
    const { version, seats } = await this.seats.taken(this.database, flightId);
    const data = { flight_id: flightId, available: countFree(flight, seats), version };
    await this.events.tell('flight-search', seatsAvailabilityChanged, data);
    await this.locks.catchUp(flightId, version);
  }
}
