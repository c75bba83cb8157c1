import { flightDetails } from '@flight-booking/contracts';
import type { ServiceClient } from '@flight-booking/platform';
import type { NewFlight } from './flight.js';

/** Asks flight-search about flights. */
export class FlightSearchClient {
  constructor(private readonly client: ServiceClient) {}

  /** The flights of these ids that exist. */
  async flights(flightIds: readonly number[]): Promise<NewFlight[]> {
    const { flights } = await this.client.call({
      method: 'GET',
      path: `/internal/flights?ids=${flightIds.join(',')}`,
      answer: flightDetails,
    });
    return flights.map((flight) => ({
      flightId: flight.flight_id,
      aircraftType: flight.aircraft_type,
      departureAt: new Date(flight.departure_time),
      status: flight.status,
    }));
  }
}
