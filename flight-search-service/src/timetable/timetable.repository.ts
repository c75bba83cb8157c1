import { capacityOf } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import { AIRLINES } from '../airlines/airline.js';
import { AIRPORTS, airportOf } from '../airports/airport-directory.js';
import { chargesOf } from '../flights/fare.js';
import type { Schedule } from './schedule.js';
import { fractionOf } from './spread.js';

/** Any number that no other use of advisory locks in this database takes. */
const TIMETABLE_LOCK = 4_000_060;
/** Prices of one schedule differ from day to day in so many steps of one percent. */
const FARE_PHASES = 9;

const ROWS_WORTH_ANALYZING = 10_000;

const SAVE_AIRPORTS = `
  insert into airports (code, name, city, country, time_zone)
  select code, name, city, country, "timeZone"
  from jsonb_to_recordset($1) as given (code text, name text, city text, country text, "timeZone" text)
  on conflict (code) do update
  set (name, city, country, time_zone) = (excluded.name, excluded.city, excluded.country, excluded.time_zone)`;

const SAVE_AIRLINES = `
  insert into airlines (code, name, accounting_code)
  select code, name, "accountingCode"
  from jsonb_to_recordset($1) as given (code text, name text, "accountingCode" text)
  on conflict (code) do update set (name, accounting_code) = (excluded.name, excluded.accounting_code)`;

const SCHEDULE_COLUMNS = `
  flight_number, airline, source, destination, source_terminal, destination_terminal, departure_time,
  block_minutes, weekdays, aircraft_type, economy_capacity, business_capacity, economy_base_fare_paise,
  economy_fuel_surcharge_paise, business_base_fare_paise, business_fuel_surcharge_paise,
  user_development_fee_paise, aviation_security_fee_paise, fare_phase`;

const SAVE_SCHEDULES = `
  insert into schedules (${SCHEDULE_COLUMNS})
  select ${SCHEDULE_COLUMNS} from jsonb_populate_recordset(null::schedules, $1)
  on conflict (flight_number) do update
  set (${SCHEDULE_COLUMNS}) = (${SCHEDULE_COLUMNS.replaceAll(/[a-z_]+/g, 'excluded.$&')})`;

/**
 * Makes the flights that are missing up to the horizon, for all schedules at once. A day begins and ends by the
 * clocks of the source. Fares follow the weekday, by percent, and differ a little from day to day; they stay
 * whole multiples of ten rupees. The flights of one day get ids that lie together.
 */
const GENERATE_FLIGHTS = `
  with days as (
    select schedules.*, airports.time_zone, today + ahead as day, extract(isodow from today + ahead)::smallint as weekday
    from schedules
    join airports on airports.code = schedules.source
    cross join lateral (select ($1::timestamptz at time zone airports.time_zone)::date as today) as clocks
    cross join lateral generate_series(greatest(0, generated_through + 1 - today), $2::integer) as ahead
  ), planned as (
    select *, (day + departure_time) at time zone time_zone as departure_at,
      (array[97, 94, 94, 98, 108, 102, 110])[weekday]
        + (fare_phase + (day - date '2020-01-01') * 5) % ${FARE_PHASES} - ${(FARE_PHASES - 1) / 2} as fare_percent
    from days where weekday = any(weekdays)
  )
  insert into flights (
    flight_number, airline, source, destination, source_terminal, destination_terminal, departure_date,
    departure_at, arrival_at, aircraft_type, economy_capacity, business_capacity, economy_available,
    business_available, economy_base_fare_paise, economy_fuel_surcharge_paise, business_base_fare_paise,
    business_fuel_surcharge_paise, user_development_fee_paise, aviation_security_fee_paise
  )
  select flight_number, airline, source, destination, source_terminal, destination_terminal, day,
    departure_at, departure_at + block_minutes * interval '1 minute', aircraft_type, economy_capacity,
    business_capacity, economy_capacity, business_capacity,
    round(economy_base_fare_paise * fare_percent / 100000.0) * 1000, economy_fuel_surcharge_paise,
    round(business_base_fare_paise * fare_percent / 100000.0) * 1000, business_fuel_surcharge_paise,
    user_development_fee_paise, aviation_security_fee_paise
  from planned where departure_at > $1
  order by day, departure_at, flight_number
  on conflict on constraint flights_number_unique_per_day do nothing`;

const MARK_GENERATED = `
  update schedules
  set generated_through = greatest(
    generated_through, ($1::timestamptz at time zone airports.time_zone)::date + $2::integer)
  from airports where airports.code = schedules.source`;

/** The facts that flights are made from, and the making of flights. */
export class TimetableRepository {
  /** Lets one process at a time change the timetable, until the transaction ends. */
  async lock(tx: Queries): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock($1)', [TIMETABLE_LOCK]);
    // The full timetable at its longest horizon takes longer than a request may.
    await tx.execute('set local statement_timeout = 0');
  }

  async saveAirportsAndAirlines(tx: Queries): Promise<void> {
    await tx.execute(SAVE_AIRPORTS, [JSON.stringify(AIRPORTS)]);
    await tx.execute(SAVE_AIRLINES, [JSON.stringify(AIRLINES)]);
  }

  /** Makes these the schedules. Flights that were made from one that is gone stay: they may be booked. */
  async replaceSchedules(tx: Queries, schedules: readonly Schedule[]): Promise<void> {
    await tx.execute('delete from schedules where flight_number <> all($1)', [
      schedules.map((schedule) => schedule.flightNumber),
    ]);
    await tx.execute(SAVE_SCHEDULES, [JSON.stringify(schedules.map(scheduleRow))]);
  }

  /** Makes the flights that are missing from now up to so many days ahead, and says how many those were. */
  async generateFlights(tx: Queries, now: Date, horizonDays: number): Promise<number> {
    const added = await tx.execute(GENERATE_FLIGHTS, [now, horizonDays]);
    await tx.execute(MARK_GENERATED, [now, horizonDays]);
    // Until it is told of so many new rows, the planner sorts all of them for every chunk that is read.
    if (added >= ROWS_WORTH_ANALYZING) await tx.execute('analyze flights');
    return added;
  }
}

function scheduleRow(schedule: Schedule): Record<string, unknown> {
  const charges = chargesOf(airportOf(schedule.sourceCode), airportOf(schedule.destinationCode));
  return {
    flight_number: schedule.flightNumber,
    airline: schedule.airlineCode,
    source: schedule.sourceCode,
    destination: schedule.destinationCode,
    source_terminal: schedule.sourceTerminal,
    destination_terminal: schedule.destinationTerminal,
    departure_time: clockTimeOf(schedule.departureMinute),
    block_minutes: schedule.blockMinutes,
    weekdays: schedule.weekdays,
    aircraft_type: schedule.aircraftType,
    economy_capacity: capacityOf(schedule.aircraftType, 'economy'),
    business_capacity: capacityOf(schedule.aircraftType, 'business'),
    economy_base_fare_paise: schedule.economyFare.baseFarePaise,
    economy_fuel_surcharge_paise: schedule.economyFare.fuelSurchargePaise,
    business_base_fare_paise: schedule.businessFare?.baseFarePaise,
    business_fuel_surcharge_paise: schedule.businessFare?.fuelSurchargePaise,
    user_development_fee_paise: charges.userDevelopmentFeePaise,
    aviation_security_fee_paise: charges.aviationSecurityFeePaise,
    fare_phase: Math.floor(fractionOf(schedule.flightNumber) * FARE_PHASES),
  };
}

function clockTimeOf(minute: number): string {
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}
