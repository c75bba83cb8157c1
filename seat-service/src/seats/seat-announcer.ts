import { seatsAvailabilityChanged } from '@flight-booking/contracts';
import type { Database, EventPublisher } from '@flight-booking/platform';
import { countFree } from './seat.js';
import type { SeatLocks } from './seat-locks.js';
import type { SeatRepository } from './seat.repository.js';

/** The service that shows free seats to customers. */
export const SEARCH_SUBSCRIBER = 'flight-search';

/** Tells flight-search and Redis of the seats of a flight, as they are when it speaks. */
export class SeatAnnouncer {
  constructor(
    private readonly database: Database,
    private readonly seats: SeatRepository,
    private readonly locks: SeatLocks,
    private readonly events: EventPublisher,
  ) {}

  /** Safe to repeat: what is older than what the others know changes nothing there. */
  async announce(flightId: number): Promise<void> {
    const { aircraftType, version, seats } = await this.seats.taken(this.database, flightId);
    await this.events.tell(SEARCH_SUBSCRIBER, seatsAvailabilityChanged, {
      flight_id: flightId,
      available: countFree(aircraftType, seats),
      version,
    });
    await this.locks.catchUp(flightId, version);
  }
}
