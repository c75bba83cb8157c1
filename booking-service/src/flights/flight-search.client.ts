import { flightDetails, type FlightDetail } from '@flight-booking/contracts';
import type { Clock, ServiceClient } from '@flight-booking/platform';
import { FlightCancelled, FlightDeparted, FlightNotFound } from './flight.errors.js';

/** Asks flight-search what flies, when and at which fare. */
export class FlightSearchClient {
  constructor(
    private readonly client: ServiceClient,
    private readonly clock: Clock,
  ) {}

  /**
   * Flights that can still be booked, in the order asked for.
   * @throws FlightNotFound | FlightCancelled | FlightDeparted
   */
  async bookable(flightIds: readonly number[]): Promise<FlightDetail[]> {
    const { flights } = await this.client.call({
      method: 'GET',
      path: `/internal/flights?ids=${flightIds.join(',')}`,
      answer: flightDetails,
    });
    const known = new Map(flights.map((flight) => [flight.flight_id, flight]));
    const missing = flightIds.filter((id) => !known.has(id));
    if (missing.length > 0) throw new FlightNotFound(missing);
    const wanted = flightIds.flatMap((id) => known.get(id) ?? []);
    const idsOf = (some: FlightDetail[]) => some.map((flight) => flight.flight_id);
    const cancelled = wanted.filter(({ status }) => status === 'CANCELLED');
    if (cancelled.length > 0) throw new FlightCancelled(idsOf(cancelled));
    const now = this.clock.now();
    const departed = wanted.filter((flight) => new Date(flight.departure_time) <= now);
    if (departed.length > 0) throw new FlightDeparted(idsOf(departed));
    return wanted;
  }
}
