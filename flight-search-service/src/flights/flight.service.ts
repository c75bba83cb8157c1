import { flightCancelled } from '@flight-booking/contracts';
import type { Clock, Database, EventPublisher } from '@flight-booking/platform';
import { DepartureNotOnSale, FlightDeparted, FlightNotFound } from './flight.errors.js';
import { DAYS_ON_SALE, seatsOf, type Flight, type KnownAvailability, type NewFlight } from './flight.js';
import type { FlightRepository } from './flight.repository.js';
import type { SeatClient } from './seat.client.js';

/** Services that hear of a cancelled flight. */
const CANCELLATION_SUBSCRIBERS = ['seat', 'booking'] as const;

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
  find(flightIds: readonly number[]): Promise<Flight[]> {
    return this.flights.find(this.database, flightIds);
  }

  /** @throws FlightNotFound */
  async require(flightId: number): Promise<Flight> {
    const [flight] = await this.find([flightId]);
    if (flight === undefined) throw new FlightNotFound(flightId);
    return flight;
  }

  /** Free seats, live where somebody could still take them and seat-service answers in time. */
  async availabilityOf(flight: Flight): Promise<KnownAvailability> {
    const onSale = flight.status === 'SCHEDULED' && flight.departureAt > this.clock.now();
    const live = onSale ? await this.seats.availableSeats(flight.flightId) : undefined;
    return live === undefined ? { seats: seatsOf(flight), live: false } : { seats: live, live: true };
  }

  /** @throws FlightExists | DepartureNotOnSale */
  async add(flight: NewFlight): Promise<Flight> {
    const now = this.clock.now();
    const latest = new Date(now.getTime() + DAYS_ON_SALE * MS_PER_DAY);
    if (flight.departureAt <= now || flight.departureAt > latest) throw new DepartureNotOnSale(DAYS_ON_SALE);
    return this.flights.insert(this.database, flight);
  }

  /**
   * Withdraws a flight and tells those who have passengers on it. A flight that is cancelled already stays as it
   * is, with its first reason.
   * @throws FlightNotFound | FlightDeparted
   */
  async cancel(flightId: number, reason: string): Promise<Flight> {
    return this.database.transaction(async (tx) => {
      const flight = await this.flights.lock(tx, flightId);
      if (flight === undefined) throw new FlightNotFound(flightId);
      if (flight.status === 'CANCELLED') return flight;
      const now = this.clock.now();
      if (flight.departureAt <= now) throw new FlightDeparted(flightId);
      await this.flights.markCancelled(tx, flightId, reason, now);
      const data = { flight_id: flightId, reason };
      await this.events.publish(tx, flightCancelled, data, CANCELLATION_SUBSCRIBERS);
      return { ...flight, status: 'CANCELLED', cancelReason: reason };
    });
  }
}
