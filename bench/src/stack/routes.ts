import { query } from './query.js';

/** Two airports and a day on which flights go from one to the other. */
export interface TravelDay {
  readonly source: string;
  readonly destination: string;
  /** ISO date by the clocks of the source. */
  readonly date: string;
}

const DAYS_TO_SKIP = 2;

/**
 * What travellers look for: pairs of airports with direct flights by turns, each on one of so many days.
 * @param databaseUrl of flight-search-service
 */
export async function travelDays(databaseUrl: string, pairs: number, days: number): Promise<TravelDay[]> {
  return query<TravelDay & Record<string, string>>(
    databaseUrl,
    `with pair as (
       select source, destination, row_number() over (order by count(*) desc, source, destination) as nth
       from schedules group by source, destination
     )
     select source, destination, to_char(current_date + ${DAYS_TO_SKIP} + day, 'YYYY-MM-DD') as date
     from pair, generate_series(0, $2::integer - 1) as day
     where nth <= $1
     order by md5(source || destination || day)`,
    [pairs, days],
  );
}

/** The path of a search, as the public contract has it. */
export const searchPath = ({ source, destination, date }: TravelDay, more = ''): string =>
  `/api/flights/search?source=${source}&destination=${destination}&date=${date}${more}`;
