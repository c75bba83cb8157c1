import type { Clock, Database } from '@flight-booking/platform';
import { movesTo, withFares, type FareChange, type NewFares } from './fare-change.js';
import type { FareChangeRepository } from './fare-change.repository.js';
import { FaresDoNotFit, FlightCancelled, FlightDeparted, FlightNotFound } from './flight.errors.js';
import type { Flight } from './flight.js';
import type { FlightRepository } from './flight.repository.js';

/** How many changes of one flight are told at once. */
const MAX_FARE_CHANGES = 100;

/** Changes what flights cost from now on. Bookings keep the price that they were made at. */
export class FareChangeService {
  constructor(
    private readonly database: Database,
    private readonly flights: FlightRepository,
    private readonly changes: FareChangeRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes these the fares of a flight. Every index hears of it by the trigger on flights, as of any other change.
   * Fares that are as they are to be change nothing.
   *
   * @param changedBy the account of the admin
   * @throws FlightNotFound | FlightCancelled | FlightDeparted | FaresDoNotFit
   */
  async setFares(flightId: number, fares: NewFares, changedBy: number): Promise<Flight> {
    return this.database.transaction(async (tx) => {
      const flight = await this.flights.lock(tx, flightId);
      if (flight === undefined) throw new FlightNotFound(flightId);
      if (flight.status === 'CANCELLED') throw new FlightCancelled(flightId);
      if (flight.departureAt <= this.clock.now()) throw new FlightDeparted(flightId);
      const hasBusiness = flight.cabins.some(({ cabin }) => cabin === 'business');
      if (hasBusiness !== (fares.business !== undefined)) throw new FaresDoNotFit(hasBusiness);
      const moves = movesTo(flight, fares);
      if (moves.length === 0) return flight;
      await this.flights.setFares(tx, flightId, fares);
      await this.changes.record(tx, flightId, moves, changedBy);
      return withFares(flight, fares);
    });
  }

  /** What became of the fares of a flight, the newest change first. @throws FlightNotFound */
  async history(flightId: number): Promise<FareChange[]> {
    const [flight] = await this.flights.find(this.database, [flightId]);
    if (flight === undefined) throw new FlightNotFound(flightId);
    return this.changes.list(this.database, flightId, MAX_FARE_CHANGES);
  }
}
