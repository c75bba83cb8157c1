import { capacityOf } from '@flight-booking/contracts';
import { terminalOf } from '../airports/airport.js';
import { isEastbound } from '../airports/great-circle.js';
import { aircraftFor } from './aircraft-assignment.js';
import { blockMinutes } from './block-time.js';
import { type Route, ROUTES } from './route.js';
import type { Schedule } from './schedule.js';
import { fractionOf, weekdaysFor } from './spread.js';
import { fareFor } from './tariff.js';

/** How much of the network is flown: `quick` starts in a moment, `full` is about 3,000 flights a day. */
export type TimetableSize = 'quick' | 'full';

/** One of an airline's daily flights on a route, there and back. */
interface Rotation {
  readonly route: Route;
  readonly airlineCode: string;
  readonly ordinal: number;
  /** Rotations a day of the airline on the route. */
  readonly count: number;
  readonly flightsAWeek: number;
}

/** Numbers below are left to flights that are added one by one. */
const FIRST_FLIGHT_NUMBER = 101;
/** In the quick timetable a route flies once for so many flights of the full one. */
const QUICK_DIVISOR = 10;
/** Routes with fewer flights a day are left out of the quick timetable, unless an airport has no better one. */
const QUICK_ROUTE_FLIGHTS = 6;

/** Minutes after midnight between which a route is flown. */
function operatingHours(route: Route, turboprop: boolean): { first: number; last: number } {
  if (!route.domestic) return { first: 15, last: 23 * 60 + 55 };
  return turboprop ? { first: 6 * 60 + 15, last: 20 * 60 } : { first: 5 * 60, last: 23 * 60 + 30 };
}

function departureMinuteOf({ route, airlineCode, ordinal, count }: Rotation, sourceCode: string): number {
  const turboprop = aircraftFor(airlineCode, route, ordinal) === 'ATR72';
  const { first, last } = operatingHours(route, turboprop);
  const phase = fractionOf(`${sourceCode}${route.ends.map((end) => end.code).join('')}${airlineCode}`);
  return Math.floor((first + ((ordinal + phase) / count) * (last - first)) / 5) * 5;
}

function scheduleOf(rotation: Rotation, outbound: boolean, flightNumber: string): Schedule {
  const { route, airlineCode, ordinal } = rotation;
  const [source, destination] = outbound ? route.ends : [route.ends[1], route.ends[0]];
  const aircraftType = aircraftFor(airlineCode, route, ordinal);
  const departureMinute = departureMinuteOf(rotation, source.code);
  const departureHour = Math.floor(departureMinute / 60);
  const tariffInput = { ...route, airlineCode, departureHour };
  return {
    flightNumber,
    airlineCode,
    sourceCode: source.code,
    destinationCode: destination.code,
    sourceTerminal: terminalOf(source, airlineCode, route.domestic),
    destinationTerminal: terminalOf(destination, airlineCode, route.domestic),
    departureMinute,
    blockMinutes: blockMinutes({
      ...route,
      aircraftType,
      departureHour,
      eastbound: isEastbound(source, destination),
    }),
    weekdays: weekdaysFor(rotation.flightsAWeek, fractionOf(flightNumber)),
    aircraftType,
    economyFare: fareFor('economy', tariffInput),
    businessFare: capacityOf(aircraftType, 'business') > 0 ? fareFor('business', tariffInput) : undefined,
  };
}

function rotationsOf(route: Route): Rotation[] {
  return Object.entries(route.frequencies).flatMap(([airlineCode, daily]) => {
    const count = Math.ceil(daily);
    return Array.from({ length: count }, (_, ordinal) => ({
      route,
      airlineCode,
      ordinal,
      count,
      flightsAWeek: Math.round(Math.min(1, daily - ordinal) * 7),
    }));
  });
}

/** Routes that the quick timetable flies: the busy ones, and the busiest of every airport. */
function quickRoutes(): ReadonlySet<Route> {
  const busiest = new Map<string, Route>();
  for (const route of ROUTES) {
    for (const { code } of route.ends) {
      const best = busiest.get(code);
      if (best === undefined || route.dailyFlights > best.dailyFlights) busiest.set(code, route);
    }
  }
  const busy = ROUTES.filter((route) => route.dailyFlights >= QUICK_ROUTE_FLIGHTS);
  return new Set([...busy, ...busiest.values()]);
}

/** The rotations of a route that the quick timetable keeps: spread over the airlines and over the day. */
function quickRotations(rotations: readonly Rotation[], route: Route): ReadonlySet<Rotation> {
  const kept = Math.max(1, Math.round(route.dailyFlights / QUICK_DIVISOR));
  return new Set(
    Array.from({ length: kept }, (_, i) => rotations[Math.floor((i * rotations.length) / kept)]).filter(
      (rotation) => rotation !== undefined,
    ),
  );
}

/**
 * Makes every repeating flight of the network from the authored routes, the same on every machine. Flights are
 * numbered over the full network, so a flight of the quick timetable is the same flight in the full one.
 */
export function expandTimetable(size: TimetableSize): Schedule[] {
  const quick = quickRoutes();
  const nextNumber = new Map<string, number>();
  return ROUTES.flatMap((route) => {
    const rotations = rotationsOf(route);
    const inQuick = quick.has(route) ? quickRotations(rotations, route) : new Set<Rotation>();
    return rotations.flatMap((rotation) => {
      const number = nextNumber.get(rotation.airlineCode) ?? FIRST_FLIGHT_NUMBER;
      nextNumber.set(rotation.airlineCode, number + 2);
      if (size === 'quick' && !inQuick.has(rotation)) return [];
      return [
        scheduleOf(rotation, true, `${rotation.airlineCode} ${number}`),
        scheduleOf(rotation, false, `${rotation.airlineCode} ${number + 1}`),
      ];
    });
  });
}
