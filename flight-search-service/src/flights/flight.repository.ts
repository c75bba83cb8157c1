import { capacityOf, type SeatsByCabin } from '@flight-booking/contracts';
import { uniqueViolationOf, type Queries } from '@flight-booking/platform';
import { airportOf } from '../airports/airport-directory.js';
import type { NewFares } from './fare-change.js';
import { chargesOf } from './fare.js';
import { FlightExists } from './flight.errors.js';
import type { Flight, NewFlight } from './flight.js';
import { FLIGHT_COLUMNS, flightOf, type FlightRow } from './flight.row.js';

/** Ids from the first to the last, both included. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

const FIND = {
  name: 'find-flights',
  text: `select ${FLIGHT_COLUMNS} from flights where flight_id = any($1) order by flight_id`,
};

const FIND_RANGE = {
  name: 'find-flights-in-range',
  text: `select ${FLIGHT_COLUMNS} from flights
         where flight_id between $1 and $2 and departure_at > $3 order by flight_id limit $4`,
};

const UPDATE_AVAILABILITY = {
  name: 'update-availability',
  text: `update flights
         set economy_available = coalesce($2, economy_available),
             business_available = coalesce($3, business_available),
             availability_version = $4
         where flight_id = $1 and availability_version < $4`,
};

const INSERT = `
  insert into flights (
    flight_id, flight_number, airline, source, destination, source_terminal, destination_terminal, departure_date,
    departure_at, arrival_at, aircraft_type, economy_capacity, business_capacity, economy_available,
    business_available, economy_base_fare_paise, economy_fuel_surcharge_paise, business_base_fare_paise,
    business_fuel_surcharge_paise, user_development_fee_paise, aviation_security_fee_paise
  )
  values (
    coalesce($1::bigint, nextval(pg_get_serial_sequence('flights', 'flight_id'))), $2, $3, $4, $5, $6, $7,
    ($8::timestamptz at time zone $9)::date, $8, $10, $11, $12, $13, $12, $13, $14, $15, $16, $17, $18, $19
  )`;

/** Flights in PostgreSQL. */
export class FlightRepository {
  /** The flights of these ids that exist, by id. */
  async find(queries: Queries, flightIds: readonly number[]): Promise<Flight[]> {
    return (await this.rows(queries, flightIds)).map(flightOf);
  }

  /** The rows of these ids that exist, by id. */
  async rows(queries: Queries, flightIds: readonly number[]): Promise<FlightRow[]> {
    return queries.rows<FlightRow>(FIND, [flightIds]);
  }

  /** The first so many rows of a range of ids, without those that departed. */
  async rowsInRange(
    queries: Queries,
    { first, last }: IdRange,
    now: Date,
    limit: number,
  ): Promise<FlightRow[]> {
    return queries.rows<FlightRow>(FIND_RANGE, [first, last, now, limit]);
  }

  /** The flight, kept from changing until the transaction ends. */
  async lock(tx: Queries, flightId: number): Promise<Flight | undefined> {
    const row = await tx.maybeRow<FlightRow>(
      `select ${FLIGHT_COLUMNS} from flights where flight_id = $1 for update`,
      [flightId],
    );
    return row === undefined ? undefined : flightOf(row);
  }

  /** @throws FlightExists */
  async insert(queries: Queries, flight: NewFlight): Promise<Flight> {
    try {
      const row = await queries.row<FlightRow>(
        `${INSERT} returning ${FLIGHT_COLUMNS}`,
        insertValues(undefined, flight),
      );
      return flightOf(row);
    } catch (error) {
      if (uniqueViolationOf(error) !== 'flights_number_unique_per_day') throw error;
      throw new FlightExists(flight.flightNumber, { cause: error });
    }
  }

  /** Adds a flight under an id of its own, unless there is a flight of that id. */
  async insertAs(queries: Queries, flightId: number, flight: NewFlight): Promise<void> {
    await queries.execute(`${INSERT} on conflict (flight_id) do nothing`, insertValues(flightId, flight));
  }

  async markCancelled(tx: Queries, flightId: number, reason: string, at: Date): Promise<void> {
    await tx.execute(
      `update flights set status = 'CANCELLED', cancel_reason = $2, cancelled_at = $3 where flight_id = $1`,
      [flightId, reason, at],
    );
  }

  /** Sets the fares of a flight that the transaction has locked. */
  async setFares(tx: Queries, flightId: number, { economy, business }: NewFares): Promise<void> {
    await tx.execute(
      `update flights
       set economy_base_fare_paise = $2, economy_fuel_surcharge_paise = $3,
           business_base_fare_paise = $4, business_fuel_surcharge_paise = $5
       where flight_id = $1`,
      [
        flightId,
        economy.baseFarePaise,
        economy.fuelSurchargePaise,
        business?.baseFarePaise ?? null,
        business?.fuelSurchargePaise ?? null,
      ],
    );
  }

  /**
   * Moves a flight, unless a seat on it was ever taken.
   * @returns whether it was moved
   */
  async rescheduleUntouched(
    tx: Queries,
    flightId: number,
    departureAt: Date,
    timeZone: string,
  ): Promise<boolean> {
    const moved = await tx.execute(
      `update flights
       set departure_at = $2::timestamptz, arrival_at = $2::timestamptz + (arrival_at - departure_at),
           departure_date = ($2::timestamptz at time zone $3)::date
       where flight_id = $1 and availability_version = 0 and status = 'SCHEDULED'`,
      [flightId, departureAt, timeZone],
    );
    return moved === 1;
  }

  /** Takes over what seat-service tells, unless something newer was told before. */
  async updateAvailability(
    queries: Queries,
    flightId: number,
    available: SeatsByCabin,
    version: number,
  ): Promise<void> {
    await queries.execute(UPDATE_AVAILABILITY, [
      flightId,
      available.economy ?? null,
      available.business ?? null,
      version,
    ]);
  }
}

function insertValues(flightId: number | undefined, flight: NewFlight): unknown[] {
  const source = airportOf(flight.sourceCode);
  const charges = chargesOf(source, airportOf(flight.destinationCode));
  return [
    flightId ?? null,
    flight.flightNumber,
    flight.airlineCode,
    flight.sourceCode,
    flight.destinationCode,
    flight.sourceTerminal ?? null,
    flight.destinationTerminal ?? null,
    flight.departureAt,
    source.timeZone,
    flight.arrivalAt,
    flight.aircraftType,
    capacityOf(flight.aircraftType, 'economy'),
    capacityOf(flight.aircraftType, 'business'),
    flight.economyFare.baseFarePaise,
    flight.economyFare.fuelSurchargePaise,
    flight.businessFare?.baseFarePaise ?? null,
    flight.businessFare?.fuelSurchargePaise ?? null,
    charges.userDevelopmentFeePaise,
    charges.aviationSecurityFeePaise,
  ];
}
