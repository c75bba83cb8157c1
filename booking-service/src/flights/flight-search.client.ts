import { flightDetails, type FlightDetail } from '@flight-booking/contracts';
import type { ServiceClient } from '@flight-booking/platform';
import { FlightCancelled, FlightNotFound } from './flight.errors.js';

/** Asks flight-search what flies, when and at which fare. */
export class FlightSearchClient {
  constructor(private readonly client: ServiceClient) {}

  /** Flights that are to take place, in the order asked for. @throws FlightNotFound | FlightCancelled */
  async scheduled(flightIds: readonly number[]): Promise<FlightDetail[]> {
    const flights = await this.ask(flightIds);
    const known = new Map(flights.map((flight) => [flight.flight_id, flight]));
    return flightIds.map((flightId) => {
      const flight = known.get(flightId);
      if (flight === undefined) throw new FlightNotFound(flightId);
      if (flight.status === 'CANCELLED') throw new FlightCancelled(flightId);
      return flight;
    });
  }

  /** Which of these flights the airline has withdrawn, in the order of their ids. */
  async withdrawn(flightIds: readonly number[]): Promise<number[]> {
    const flights = await this.ask(flightIds);
    return flights
      .filter(({ status }) => status === 'CANCELLED')
      .map((flight) => flight.flight_id)
      .toSorted((one, other) => one - other);
  }

  private async ask(flightIds: readonly number[]): Promise<readonly FlightDetail[]> {
    const { flights } = await this.client.call({
      method: 'GET',
      path: `/internal/flights?ids=${flightIds.join(',')}`,
      answer: flightDetails,
    });
    return flights;
  }
}
