import { flightDetails } from '@flight-booking/contracts';
import type { ServiceClient } from '@flight-booking/platform';
import { FlightNotFound } from './flight.errors.js';

/** Asks flight-search about flights. */
export class FlightSearchClient {
  constructor(private readonly client: ServiceClient) {}

  /** The designator of the airline that a flight belongs to. @throws FlightNotFound */
  async airlineOf(flightId: number): Promise<string> {
    const { flights } = await this.client.call({
      method: 'GET',
      path: `/internal/flights?ids=${flightId}`,
      answer: flightDetails,
    });
    const flight = flights.find(({ flight_id }) => flight_id === flightId);
    if (flight === undefined) throw new FlightNotFound(flightId);
    return flight.airline.code;
  }
}
