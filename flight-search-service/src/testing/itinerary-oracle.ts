import type { Cabin, FareBrand } from '@flight-booking/contracts';
import type { Airport } from '../airports/airport.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf, epochMinuteOf, localDay, localIso } from '../airports/airport-time.js';
import { FlightIndex } from '../search/flight-index.js';
import type { ClockWindow, ItineraryFilters } from '../search/itinerary-filters.js';
import type { ItineraryQuery } from '../search/itinerary.js';
import type { IndexedFlight } from '../search/route-flights.js';

/** Longest layovers that the tests' searches allow. */
export const LIMITS = { domesticMinutes: 480, internationalMinutes: 720 };

/** Gives a whole number from zero up to a limit that it stays below. */
export type Random = (below: number) => number;

/** Small numbers that look random and are the same in every run (mulberry32). */
export function sequence(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

let nextId = 1;

/** Searches compare prices; of what these are made they do not ask. */
const NO_FARE = { baseFarePaise: 0, fuelSurchargePaise: 0 };

/** A flight that takes so many minutes, with everything else as good as any. */
export function flight(
  source: string,
  destination: string,
  departsAt: string,
  minutes: number,
  more = {},
): IndexedFlight {
  const departure = epochMinuteOf(new Date(departsAt));
  return {
    flightId: nextId++,
    flightNumber: '6E 1',
    source,
    destination,
    sourceTerminal: undefined,
    destinationTerminal: undefined,
    departureDay: localDay(departure, airportOf(source).timeZone),
    departure,
    arrival: departure + minutes,
    fares: { economy: NO_FARE, business: NO_FARE },
    charges: { userDevelopmentFeePaise: 0, aviationSecurityFeePaise: 0 },
    pricePaise: { economy: 500_000, business: 0 },
    flexPricePaise: { economy: 600_000, business: 0 },
    seats: { economy: 9, business: 0 },
    ...more,
  };
}

/** Timetables that crowd around midnight, a clock change and the least connection times, with few prices. */
export function randomFlights(random: Random, airports: readonly Airport[], from: string): IndexedFlight[] {
  const start = epochMinuteOf(new Date(from));
  const terminal = () => [undefined, '1', '2'][random(3)];
  return Array.from({ length: 140 }, () => {
    const source = airports[random(airports.length)]!.code;
    const others = airports.filter(({ code }) => code !== source);
    const departure = start + random(96) * 30 + (random(3) === 0 ? random(2) : 0);
    const departsAt = new Date(departure * 60_000).toISOString();
    const pricePaise = { economy: 100_000 * (1 + random(3)), business: random(2) * 900_000 };
    return flight(source, others[random(others.length)]!.code, departsAt, 0, {
      flightNumber: `${['6E', 'AI', 'QP'][random(3)]} ${100 + random(900)}`,
      arrival: departure + [45, 60, 75, 90, 165, 600][random(6)]!,
      sourceTerminal: terminal(),
      destinationTerminal: terminal(),
      pricePaise,
      flexPricePaise: { economy: pricePaise.economy + 50_000 * random(5), business: pricePaise.business },
      seats: { economy: random(6), business: random(3) },
    });
  });
}

/** The index of a timetable. */
export function indexOf(flights: readonly IndexedFlight[], airports: readonly Airport[]): FlightIndex {
  const index = new FlightIndex(airports);
  for (const one of flights) index.put(one);
  return index;
}

/** What the fields of a query are when a test has nothing to say of them. */
export const ANY_QUERY: ItineraryQuery = {
  source: 'DEL',
  destination: 'BOM',
  day: 0,
  passengers: 1,
  maxStops: 1,
  cabin: 'economy',
  brand: 'saver',
  sort: 'price',
  limit: 20,
};

/** A search on a date for anything between any two of the airports. */
export function randomQuery(random: Random, airports: readonly Airport[], date: string): ItineraryQuery {
  const source = airports[random(airports.length)]!.code;
  const others = airports.filter(({ code }) => code !== source);
  return {
    ...ANY_QUERY,
    source,
    destination: others[random(others.length)]!.code,
    day: epochDayOf(date),
    maxStops: ([0, 1, 2] as const)[random(3)]!,
    passengers: 1 + random(2),
    cabin: (['economy', 'business'] satisfies Cabin[])[random(2)]!,
    brand: (['saver', 'flex'] satisfies FareBrand[])[random(2)]!,
    ...randomFilters(random),
  };
}

/** Each filter in one search of six. */
function randomFilters(random: Random): ItineraryFilters {
  const sometimes = <Value>(value: () => Value): Value | undefined => (random(6) === 0 ? value() : undefined);
  const clockWindow = (): ClockWindow => {
    const from = random(24) * 60;
    return { from, to: ((from + 60 * (3 + random(18))) % 1440) + random(2) };
  };
  return {
    airlines: sometimes(() => [['6E'], ['AI', 'QP'], ['QP']][random(3)]!),
    departureWindow: sometimes(clockWindow),
    arrivalWindow: sometimes(clockWindow),
    maxPricePaise: sometimes(() => 100_000 * (1 + random(12))),
    maxLayoverMinutes: sometimes(() => [45, 90, 120, 300][random(4)]!),
  };
}

const country = (code: string) => airportOf(code).country;
const domestic = (one: IndexedFlight) => country(one.source) === country(one.destination);

/** What the rules say of two flights that meet: how long passengers wait, and how long they must and may. */
export function waitBetween(a: IndexedFlight, b: IndexedFlight) {
  const known = a.destinationTerminal !== undefined && b.sourceTerminal !== undefined;
  const change = known && a.destinationTerminal !== b.sourceTerminal;
  const bothDomestic = domestic(a) && domestic(b);
  const bothInternational = !domestic(a) && !domestic(b);
  return {
    wait: b.departure - a.arrival,
    least: bothDomestic ? (change ? 75 : 45) : bothInternational ? 90 : 120,
    most: bothDomestic ? 480 : 720,
  };
}

function mayConnect(a: IndexedFlight, b: IndexedFlight): boolean {
  const { wait, least, most } = waitBetween(a, b);
  return a.destination === b.source && wait >= least && wait <= most;
}

/**
 * Every sequence of flights that a query allows, in its order, found by trying all of them and checking each rule by
 * its wording.
 */
export function everyItinerary(
  flights: readonly IndexedFlight[],
  q: ItineraryQuery,
  now: number,
): IndexedFlight[][] {
  const usable = flights.filter((one) => one.seats[q.cabin] >= q.passengers && one.pricePaise[q.cabin] > 0);
  let paths = usable
    .filter((one) => one.source === q.source && one.departure > now)
    .filter((one) => localIso(one.departure, airportOf(q.source).timeZone).slice(0, 10) === dayText(q.day))
    .map((one) => [one]);
  const complete: IndexedFlight[][] = [];
  for (let legs = 1; legs <= q.maxStops + 1; legs += 1) {
    complete.push(...paths.filter((path) => path.at(-1)?.destination === q.destination));
    paths = paths
      .filter((path) => path.at(-1)?.destination !== q.destination)
      .flatMap((path) => {
        const visited = new Set([q.source, ...path.map((one) => one.destination)]);
        const last = path.at(-1) as IndexedFlight;
        return usable
          .filter((one) => mayConnect(last, one) && !visited.has(one.destination))
          .map((one) => [...path, one]);
      });
  }
  return complete
    .filter((path) => passesFilters(path, q))
    .toSorted((a, b) => compare(orderOf(a, q), orderOf(b, q)));
}

const dayText = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
/** What one passenger pays for all legs in the brand that counts. */
export const priceOf = (path: readonly IndexedFlight[], { cabin, brand }: ItineraryQuery): number =>
  path.reduce((sum, one) => sum + (brand === 'flex' ? one.flexPricePaise : one.pricePaise)[cabin], 0);

function passesFilters(path: readonly IndexedFlight[], q: ItineraryQuery): boolean {
  const first = path[0] as IndexedFlight;
  const last = path.at(-1) as IndexedFlight;
  return (
    path.every((one) => q.airlines?.includes(one.flightNumber.split(' ')[0] as string) ?? true) &&
    isIn(q.departureWindow, localIso(first.departure, airportOf(first.source).timeZone)) &&
    isIn(q.arrivalWindow, localIso(last.arrival, airportOf(last.destination).timeZone)) &&
    priceOf(path, q) <= (q.maxPricePaise ?? Infinity) &&
    path.slice(1).every((one, i) => waitBetween(path[i]!, one).wait <= (q.maxLayoverMinutes ?? Infinity)) &&
    first.departure >= (q.departsFrom ?? -Infinity) &&
    last.arrival <= (q.arrivesBy ?? Infinity)
  );
}

function isIn(window: ClockWindow | undefined, local: string): boolean {
  if (window === undefined) return true;
  const minute = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  if (window.from < window.to) return window.from <= minute && minute < window.to;
  return !(window.to <= minute && minute < window.from);
}

function orderOf(path: readonly IndexedFlight[], q: ItineraryQuery): number[] {
  const first = path[0] as IndexedFlight;
  const price = priceOf(path, q);
  const duration = (path.at(-1) as IndexedFlight).arrival - first.departure;
  const rupees = price / 100 + duration * 10 + (path.length - 1) * 500;
  const figures = {
    price: [price, duration, first.departure],
    duration: [duration, price, first.departure],
    departure: [first.departure, duration, price],
    best: [rupees, duration, first.departure],
  }[q.sort];
  return [...figures, ...path.map((one) => one.flightId)];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i < 0 ? a.length - b.length : a[i]! - (b[i] ?? -Infinity);
}
