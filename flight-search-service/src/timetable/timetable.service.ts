import { flightRescheduled } from '@flight-booking/contracts';
import type { Clock, Database, EventPublisher, Lifecycle, Queries } from '@flight-booking/platform';
import { airportOf } from '../airports/airport-directory.js';
import { localIso, epochMinuteOf } from '../airports/airport-time.js';
import type { FlightRepository } from '../flights/flight.repository.js';
import { expandTimetable, type TimetableSize } from './expand-timetable.js';
import { FIRST_FLIGHT_ID, firstFlight } from './first-flight.js';
import type { TimetableRepository } from './timetable.repository.js';

/** How much of the timetable exists as flights. */
export interface TimetableOptions {
  readonly size: TimetableSize;
  /** Days ahead of today for which flights exist. */
  readonly horizonDays: number;
}

/** Where the events of this service go. */
const SEAT_SUBSCRIBER = 'seat';

/** Keeps the timetable: its facts at every start, and its flights up to a horizon that moves with the days. */
export class TimetableService implements Lifecycle {
  constructor(
    private readonly database: Database,
    private readonly timetable: TimetableRepository,
    private readonly flights: FlightRepository,
    private readonly events: EventPublisher,
    private readonly clock: Clock,
    private readonly options: TimetableOptions,
  ) {}

  /** Writes airports, airlines and schedules, and makes the flights that are missing. */
  async start(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.timetable.lock(tx);
      await this.timetable.saveAirportsAndAirlines(tx);
      await this.timetable.replaceSchedules(tx, expandTimetable(this.options.size));
      await this.fillHorizon(tx);
    });
  }

  async stop(): Promise<void> {}

  /** Makes the flights that are missing; safe to repeat, and for two processes at once. */
  async extend(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.timetable.lock(tx);
      await this.fillHorizon(tx);
    });
  }

  private async fillHorizon(tx: Queries): Promise<void> {
    const now = this.clock.now();
    await this.flights.insertAs(tx, FIRST_FLIGHT_ID, firstFlight(now));
    await this.renewFirstFlight(tx, now);
    await this.timetable.generateFlights(tx, now, this.options.horizonDays);
  }

  /**
   * Moves the first flight ahead again once it has departed, if no seat on it was ever taken. A flight that has
   * departed can take no new passenger, so none can board between the question and the move.
   */
  private async renewFirstFlight(tx: Queries, now: Date): Promise<void> {
    const flight = await this.flights.lock(tx, FIRST_FLIGHT_ID);
    if (flight === undefined || flight.departureAt > now) return;
    const { departureAt } = firstFlight(now);
    const { timeZone } = airportOf(flight.sourceCode);
    if (!(await this.flights.rescheduleUntouched(tx, flight.flightId, departureAt, timeZone))) return;
    const departure = {
      flight_id: flight.flightId,
      departure_time: localIso(epochMinuteOf(departureAt), timeZone),
    };
    await this.events.publish(tx, flightRescheduled, departure, [SEAT_SUBSCRIBER]);
  }
}
