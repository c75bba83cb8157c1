import type { Database } from '@flight-booking/platform';
import type { Flight } from './flight.js';
import { FlightNotFound } from './flight.errors.js';
import type { FlightRepository } from './flight.repository.js';
import type { FlightSearchClient } from './flight-search.client.js';

/** Knows flights: from the database, and from flight-search the first time that one is touched. */
export class FlightService {
  constructor(
    private readonly database: Database,
    private readonly flights: FlightRepository,
    private readonly flightSearch: FlightSearchClient,
  ) {}

  /**
   * The flights, in the order asked for.
   * @throws FlightNotFound when flight-search does not know one of them either
   */
  async require(flightIds: readonly number[]): Promise<Flight[]> {
    const known = await this.flights.find(this.database, flightIds);
    const missing = flightIds.filter((id) => !known.some(({ flightId }) => flightId === id));
    const fetched = missing.length === 0 ? [] : await this.fetch(missing);
    return flightIds.map((id) => {
      const flight = [...known, ...fetched].find(({ flightId }) => flightId === id);
      if (flight === undefined) throw new FlightNotFound(id);
      return flight;
    });
  }

  /**
   * A cancellation that arrives between the answer and the row finds nothing to mark. So flight-search is asked
   * once more when the row is there: what was cancelled before that shows now, and what comes later finds the row.
   */
  private async fetch(flightIds: readonly number[]): Promise<Flight[]> {
    const added: Flight[] = [];
    for (const flight of await this.flightSearch.flights(flightIds))
      added.push(await this.flights.add(this.database, flight));
    const again = await this.flightSearch.flights(flightIds);
    const cancelled = again.filter(({ status }) => status === 'CANCELLED');
    if (cancelled.length === 0) return added;
    for (const { flightId } of cancelled) await this.flights.markCancelled(this.database, flightId);
    return this.flights.find(this.database, flightIds);
  }
}
