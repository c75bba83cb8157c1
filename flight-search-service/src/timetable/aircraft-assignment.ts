import type { AircraftType } from '@flight-booking/contracts';
import type { Route } from './route.js';

const WIDEBODY_KM = 5000;
/** From here on Air India's every other flight is a widebody. */
const MIXED_FLEET_KM = 3500;
const TURBOPROP_KM = 450;

/** Runways too short for the jets. */
const SHORT_RUNWAYS: ReadonlySet<string> = new Set(['DHM', 'KUU', 'SHL', 'SDW', 'KLH']);
/** Fields too high for the turboprops. */
const HIGH_FIELDS: ReadonlySet<string> = new Set(['IXL']);

function fliesTurboprop(airlineCode: string, route: Route): boolean {
  const codes = route.ends.map((airport) => airport.code);
  if (codes.some((code) => SHORT_RUNWAYS.has(code))) return true;
  // Star Air's own jets have no seat map here, so the smallest type that has one stands for them.
  if (['9I', 'S5', 'IC'].includes(airlineCode)) return true;
  const shortHop = route.domestic && !route.metro && route.distanceKm < TURBOPROP_KM;
  return airlineCode === '6E' && shortHop && !codes.some((code) => HIGH_FIELDS.has(code));
}

function jetOfAirIndia(route: Route, ordinal: number): AircraftType {
  if (!route.domestic && route.distanceKm > MIXED_FLEET_KM && ordinal % 2 === 0) return '787-8';
  if (route.metro && route.distanceKm > 1000 && ordinal % 4 === 1) return '787-8';
  return ordinal % 3 === 1 ? 'A321' : 'A320';
}

/** The type that flies an airline's n-th flight of the day on a route. */
export function aircraftFor(airlineCode: string, route: Route, ordinal: number): AircraftType {
  if (fliesTurboprop(airlineCode, route)) return 'ATR72';
  if (route.distanceKm > WIDEBODY_KM) return '787-8';
  if (airlineCode === 'AI') return jetOfAirIndia(route, ordinal);
  if (airlineCode === 'IX') return ordinal % 2 === 0 ? '737-8' : 'A320';
  if (airlineCode === '6E') return route.distanceKm > 800 && ordinal % 3 === 2 ? 'A321' : 'A320';
  return '737-8';
}
