import { type Airport, isDomestic } from '../airports/airport.js';
import { airportOf } from '../airports/airport-directory.js';
import { distanceKm } from '../airports/great-circle.js';
import { DOMESTIC_ROUTES } from './domestic-routes.js';
import { INTERNATIONAL_ROUTES } from './international-routes.js';
import type { DailyFrequencies } from './route-table.js';

/** A pair of airports and who flies between them, in both directions alike. */
export interface Route {
  readonly ends: readonly [Airport, Airport];
  readonly frequencies: DailyFrequencies;
  readonly domestic: boolean;
  readonly distanceKm: number;
  /** Both ends are among the six largest cities. */
  readonly metro: boolean;
  /** Flights a day in each direction, of all airlines. */
  readonly dailyFlights: number;
}

const METROS: ReadonlySet<string> = new Set(['DEL', 'BOM', 'BLR', 'HYD', 'MAA', 'CCU']);

function routeBetween(from: string, to: string, frequencies: DailyFrequencies): Route {
  const ends = [airportOf(from), airportOf(to)] as const;
  return {
    ends,
    frequencies,
    domestic: isDomestic(...ends),
    distanceKm: distanceKm(...ends),
    metro: METROS.has(from) && METROS.has(to),
    dailyFlights: Object.values(frequencies).reduce((sum, daily) => sum + daily, 0),
  };
}

/** Every route that is flown, in an order that never changes between runs. */
export const ROUTES: readonly Route[] = [DOMESTIC_ROUTES, INTERNATIONAL_ROUTES].flatMap((table) =>
  Object.entries(table).flatMap(([from, destinations]) =>
    Object.entries(destinations).map(([to, frequencies]) => routeBetween(from, to, frequencies)),
  ),
);
