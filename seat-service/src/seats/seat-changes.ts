import { id, seatsAvailabilityChanged, type Cabin, type SeatsByCabin } from '@flight-booking/contracts';
import {
  createEvent,
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
import type { SeatRepository, TakenSeat } from './seat.repository.js';

/** Tells everybody who keeps a picture of a flight's seats that it has changed. */
const announceSeats = defineJob('announce-seats', z.strictObject({ flight_id: id }));

/** Free seats by cabin, given those that are not free. */
export function countFree(flight: Flight, taken: readonly { readonly seatNumber: string }[]): SeatsByCabin {
  const cabins = cabinsBySeat(flight.aircraftType);
  const unavailable = new Set(taken.map(({ seatNumber }) => seatNumber));
  const free: Partial<Record<Cabin, number>> = {};
  for (const [seat, cabin] of cabins) free[cabin] = (free[cabin] ?? 0) + (unavailable.has(seat) ? 0 : 1);
  return free;
}

/**
 * Changes of seats, told to those outside this database. The job is added in the transaction that makes the
 * change and reads the state when it runs, so that many changes of one flight become one announcement.
 */
export class SeatChanges {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobQueue,
    private readonly seats: SeatRepository,
    private readonly flights: FlightRepository,
    private readonly locks: SeatLocks,
    private readonly events: EventPublisher,
  ) {}

  /** Records within a transaction that seats of these flights change. */
  async record(tx: Queries, flightIds: readonly number[]): Promise<void> {
    for (const flightId of flightIds) {
      await this.jobs.add(tx, announceSeats, { flight_id: flightId }, { key: `announce-seats:${flightId}` });
    }
  }

  /** The handler of the jobs that {@link record} adds. */
  handler(): JobHandler {
    return handleJob(announceSeats, async ({ flight_id: flightId }) => {
      const [flight] = await this.flights.find(this.database, [flightId]);
      if (flight === undefined) return;
      const { version, seats } = await this.seats.taken(this.database, flightId);
      await this.announce(flight, version, seats);
      await this.locks.catchUp(flightId, version);
    });
  }

  private async announce(flight: Flight, version: number, taken: readonly TakenSeat[]): Promise<void> {
    const data = { flight_id: flight.flightId, available: countFree(flight, taken), version };
    await this.events.deliver(
      'flight-search',
      createEvent('seat-service', seatsAvailabilityChanged, data, new Date()),
    );
  }
}
