import { flightCancelled, rupeesToPaise } from '@flight-booking/contracts';
import { type Clock, type Database, type EventPublisher, InvalidRequest } from '@flight-booking/platform';
import type { CabinFare } from './fare.js';
import { FlightDeparted, FlightNotFound } from './flight.errors.js';
import type { FlightRepository } from './flight.repository.js';
import { seatsOf } from './flight.row.js';
import type { NewFlightRequest } from './flight.schemas.js';
import type { Flight } from './flight.js';
import type { KnownAvailability } from './flight.view.js';
import type { SeatClient } from './seat.client.js';

/** Services that hear of a cancelled flight. */
export const CANCELLATION_SUBSCRIBERS = ['seat', 'booking'] as const;

const LATEST_DEPARTURE_DAYS = 730;
const MS_PER_DAY = 24 * 60 * 60 * 1000;

/** Single flights: looking them up, adding and cancelling them. */
export class FlightService {
  constructor(
    private readonly database: Database,
    private readonly flights: FlightRepository,
    private readonly seats: SeatClient,
    private readonly events: EventPublisher,
    private readonly clock: Clock,
  ) {}

  /** The flights of these ids that exist. */
  find(ids: readonly number[]): Promise<Flight[]> {
    return this.flights.find(this.database, ids);
  }

  /** @throws FlightNotFound */
  async require(id: number): Promise<Flight> {
    const [flight] = await this.find([id]);
    if (flight === undefined) throw new FlightNotFound(id);
    return flight;
  }

  /** Free seats, live where somebody could still take them and seat-service answers in time. */
  async availabilityOf(flight: Flight): Promise<KnownAvailability> {
    const onSale = flight.status === 'SCHEDULED' && flight.departureAt > this.clock.now();
    const live = onSale ? await this.seats.availableSeats(flight.id) : undefined;
    return live === undefined ? { seats: seatsOf(flight), live: false } : { seats: live, live: true };
  }

  /** @throws FlightExists | InvalidRequest when it does not depart within the time that is sold */
  async add(request: NewFlightRequest): Promise<Flight> {
    const departureAt = new Date(request.departure_time);
    this.requireSellable(departureAt);
    return this.flights.insert(this.database, {
      flightNumber: request.flight_number,
      airlineCode: request.airline,
      sourceCode: request.source,
      destinationCode: request.destination,
      sourceTerminal: request.source_terminal,
      destinationTerminal: request.destination_terminal,
      departureAt,
      arrivalAt: new Date(request.arrival_time),
      aircraftType: request.aircraft_type,
      economyFare: fareOf(request.fares.economy),
      businessFare: request.fares.business === undefined ? undefined : fareOf(request.fares.business),
    });
  }

  /**
   * Withdraws a flight and tells those who have passengers on it. A flight that is cancelled already stays as it
   * is, with its first reason.
   * @throws FlightNotFound | FlightDeparted
   */
  async cancel(id: number, reason: string): Promise<Flight> {
    return this.database.transaction(async (tx) => {
      const flight = await this.flights.lock(tx, id);
      if (flight === undefined) throw new FlightNotFound(id);
      if (flight.status === 'CANCELLED') return flight;
      const now = this.clock.now();
      if (flight.departureAt <= now) throw new FlightDeparted(id);
      await this.flights.markCancelled(tx, id, reason, now);
      await this.events.publish(tx, flightCancelled, { flight_id: id, reason }, CANCELLATION_SUBSCRIBERS);
      return { ...flight, status: 'CANCELLED', cancelReason: reason };
    });
  }

  private requireSellable(departureAt: Date): void {
    const now = this.clock.now();
    const latest = new Date(now.getTime() + LATEST_DEPARTURE_DAYS * MS_PER_DAY);
    const refuse = (message: string): never => {
      throw new InvalidRequest([{ field: 'departure_time', in: 'body', message }]);
    };
    if (departureAt <= now) refuse('must be in the future');
    if (departureAt > latest) refuse(`must be within ${LATEST_DEPARTURE_DAYS} days`);
  }
}

const fareOf = ({
  base_fare: base,
  fuel_surcharge: fuel,
}: NewFlightRequest['fares']['economy']): CabinFare => ({
  baseFarePaise: rupeesToPaise(base),
  fuelSurchargePaise: rupeesToPaise(fuel),
});
