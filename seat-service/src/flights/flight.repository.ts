import {
  addJobSql,
  addJobValues,
  type AddJobOptions,
  type Job,
  type Queries,
} from '@flight-booking/platform';
import type { Flight, NewFlight } from './flight.js';

const COLUMNS = `
  flights.flight_id as "flightId", aircraft_type as "aircraftType", status, departure_at <= now() as "hasDeparted"`;

const FIND = { name: 'find-flights', text: `select ${COLUMNS} from flights where flight_id = any($1)` };

const ADD = {
  name: 'add-flight',
  text: `
    insert into flights (flight_id, aircraft_type, departure_at, status)
    values ($1, $2, coalesce((select departure_at from reschedules where flight_id = $1), $3), $4)
    on conflict (flight_id) do update set flight_id = excluded.flight_id
    returning ${COLUMNS}`,
};

const LOCK_FOR_CHANGE = {
  name: 'lock-flights-for-change',
  text: `
    with locked as (
      select flight_id from flights where flight_id = any($1) order by flight_id for update
    ), changed as (
      update flights set version = version + 1 from locked where flights.flight_id = locked.flight_id
      returning ${COLUMNS}, version
    )
    select changed.* from changed
    cross join lateral ${addJobSql(
      `json_build_object('flight_id', "flightId")`,
      2,
      (key) => `format(${key}, "flightId", version)`,
    )}`,
};

/** A flight with the number of the change that is being made to its seats. */
export interface ChangedFlight extends Flight {
  readonly version: number;
}

/** What a change of a flight's seats causes: a job that is told the `flight_id`. */
export interface ChangeJob {
  readonly job: Job;
  /** The key is a format, as of PostgreSQL's `format`, of the flight's id and the number of the change. */
  readonly options: AddJobOptions;
}

/** The flights that seat-service has met. */
export class FlightRepository {
  async find(queries: Queries, flightIds: readonly number[]): Promise<Flight[]> {
    return queries.rows<Flight>(FIND, [flightIds]);
  }

  /**
   * Keeps a flight that was not known. What is known stays, for events may already have changed it; a departure that an
   * event told is the newer one.
   * @returns the flight as it is known now
   */
  async add(queries: Queries, { flightId, aircraftType, departureAt, status }: NewFlight): Promise<Flight> {
    return queries.row<Flight>(ADD, [flightId, aircraftType, departureAt, status]);
  }

  /**
   * Locks flights in the order of their ids, so that two callers never wait for each other in a circle, and counts one more
   * change of their seats, each with a job.
   */
  async lockForChange(
    tx: Queries,
    flightIds: readonly number[],
    { job, options }: ChangeJob,
  ): Promise<ChangedFlight[]> {
    return tx.rows<ChangedFlight>(LOCK_FOR_CHANGE, [flightIds, ...addJobValues(job, options)]);
  }

  async markCancelled(queries: Queries, flightId: number): Promise<void> {
    await queries.execute(
      `update flights set status = 'CANCELLED', version = version + 1 where flight_id = $1`,
      [flightId],
    );
  }

  /** Moves a flight, unless something newer was told before. Of two at the same instant the later delivery stands. */
  async reschedule(tx: Queries, flightId: number, departureAt: Date, publishedAt: Date): Promise<void> {
    await tx.execute(
      `with newest as (
         insert into reschedules as known (flight_id, departure_at, published_at) values ($1, $2, $3)
         on conflict (flight_id) do update
           set departure_at = excluded.departure_at, published_at = excluded.published_at
           where known.published_at <= excluded.published_at
         returning flight_id, departure_at
       )
       update flights set departure_at = newest.departure_at from newest where flights.flight_id = newest.flight_id`,
      [flightId, departureAt, publishedAt],
    );
  }
}
