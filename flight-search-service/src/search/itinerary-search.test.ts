import type { Cabin } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { type Airport } from '../airports/airport.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf, epochMinuteOf, localDay, localIso } from '../airports/airport-time.js';
import { FlightIndex } from './flight-index.js';
import type { ItineraryQuery } from './itinerary.js';
import { ItinerarySearch } from './itinerary-search.js';
import type { SortOrder } from './itinerary-order.js';
import type { IndexedFlight } from './route-flights.js';

const LIMITS = { domesticMinutes: 480, internationalMinutes: 720 };
const BEFORE_ALL = 0;

/** Small numbers that look random and are the same in every run (mulberry32). */
function sequence(seed: number): (below: number) => number {
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

function flight(
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

function searchOf(flights: readonly IndexedFlight[], airports: readonly Airport[]): ItinerarySearch {
  const index = new FlightIndex(airports);
  for (const one of flights) index.put(one);
  return new ItinerarySearch(index, LIMITS);
}

const INDIA = ['DEL', 'BOM', 'BLR', 'HYD'].map(airportOf);
const WORLD = ['DEL', 'BOM', 'KTM', 'LHR', 'JFK', 'SYD'].map(airportOf);

function query(more: Partial<ItineraryQuery>): ItineraryQuery {
  return {
    source: 'DEL',
    destination: 'BLR',
    day: epochDayOf('2027-01-10'),
    passengers: 1,
    maxStops: 1,
    cabin: 'economy',
    brand: 'saver',
    sort: 'price',
    limit: 20,
    ...more,
  };
}

const idsOf = (found: readonly { flightIds: readonly number[] }[]) => found.map(({ flightIds }) => flightIds);

// The oracle: every sequence of flights, checked rule by rule against the wording of the rules.

const country = (code: string) => airportOf(code).country;
const domestic = (one: IndexedFlight) => country(one.source) === country(one.destination);

function mayConnect(a: IndexedFlight, b: IndexedFlight): boolean {
  const wait = b.departure - a.arrival;
  const known = a.destinationTerminal !== undefined && b.sourceTerminal !== undefined;
  const change = known && a.destinationTerminal !== b.sourceTerminal;
  const bothDomestic = domestic(a) && domestic(b);
  const bothInternational = !domestic(a) && !domestic(b);
  const least = bothDomestic ? (change ? 75 : 45) : bothInternational ? 90 : 120;
  return a.destination === b.source && wait >= least && wait <= (bothDomestic ? 480 : 720);
}

function oracle(flights: readonly IndexedFlight[], q: ItineraryQuery, now: number): number[][] {
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
    .toSorted((a, b) => compare(keyOf(a, q), keyOf(b, q)))
    .map((path) => path.map((one) => one.flightId));
}

const dayText = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

function keyOf(path: readonly IndexedFlight[], { sort, cabin }: ItineraryQuery): number[] {
  const first = path[0] as IndexedFlight;
  const price = path.reduce((sum, one) => sum + one.pricePaise[cabin], 0);
  const duration = (path.at(-1) as IndexedFlight).arrival - first.departure;
  const figures = {
    price: [price, duration, first.departure],
    duration: [duration, price, first.departure],
    departure: [first.departure, duration, price],
  }[sort];
  return [...figures, ...path.map((one) => one.flightId)];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i < 0 ? a.length - b.length : a[i]! - (b[i] ?? -Infinity);
}

/** Timetables that crowd around midnight, a clock change and the least connection times, with few prices. */
function randomFlights(random: (below: number) => number, airports: readonly Airport[], from: string) {
  const start = epochMinuteOf(new Date(from));
  const terminal = () => [undefined, '1', '2'][random(3)];
  return Array.from({ length: 120 }, () => {
    const source = airports[random(airports.length)]!.code;
    const others = airports.filter(({ code }) => code !== source);
    const departure = start + random(96) * 30 + (random(3) === 0 ? random(2) : 0);
    return flight(
      source,
      others[random(others.length)]!.code,
      new Date(departure * 60_000).toISOString(),
      0,
      {
        arrival: departure + [45, 60, 75, 90, 165, 600][random(6)]!,
        sourceTerminal: terminal(),
        destinationTerminal: terminal(),
        pricePaise: { economy: 100_000 * (1 + random(3)), business: random(2) * 900_000 },
        seats: { economy: random(4), business: random(3) },
      },
    );
  });
}

describe('the index against a search of every sequence of flights', () => {
  const timetables = [
    ['india', INDIA, '2027-01-09T12:00:00Z', '2027-01-10'],
    ['the world', WORLD, '2027-01-09T06:00:00Z', '2027-01-10'],
    ['a change of clocks', WORLD, '2027-03-27T12:00:00Z', '2027-03-28'],
  ] as const;
  for (const [name, airports, from, date] of timetables) {
    it(`finds the same itineraries in the same order in 120 random timetables of ${name}`, () => {
      let found = 0;
      for (let seed = 1; seed <= 120; seed += 1) {
        const random = sequence(seed * 7919);
        const flights = randomFlights(random, airports, from);
        const search = searchOf(flights, airports);
        for (const maxStops of [0, 1, 2] as const) {
          const q = query({
            source: airports[random(airports.length)]!.code,
            day: epochDayOf(date),
            maxStops,
            passengers: 1 + random(2),
            cabin: (['economy', 'business'] satisfies Cabin[])[random(2)]!,
            sort: (['price', 'duration', 'departure'] satisfies SortOrder[])[random(3)]!,
            limit: [3, 1000][random(2)]!,
          });
          const destination = airports.find(({ code }) => code !== q.source)!.code;
          const now = random(2) === 0 ? BEFORE_ALL : epochMinuteOf(new Date(`${date}T08:00:00Z`));
          const expected = oracle(flights, { ...q, destination }, now);
          expect(idsOf(search.find({ ...q, destination }, now))).toEqual(expected.slice(0, q.limit));
          found += expected.length;
        }
      }
      expect(found).toBeGreaterThan(300);
    });
  }

  it('pages through every itinerary once, whatever the page size', () => {
    const random = sequence(20);
    const flights = randomFlights(random, INDIA, '2027-01-09T12:00:00Z');
    const search = searchOf(flights, INDIA);
    const q = query({ maxStops: 2, sort: 'duration', limit: 4 });
    const all = idsOf(search.find({ ...q, limit: 1000 }, BEFORE_ALL));
    expect(all.length).toBeGreaterThan(8);
    const paged: (readonly number[])[] = [];
    let page = search.find(q, BEFORE_ALL);
    while (page.length > 0) {
      paged.push(...idsOf(page));
      page = search.find({ ...q, after: page.at(-1) }, BEFORE_ALL);
    }
    expect(paged).toEqual(all);
  });
});

describe('connections', () => {
  const first = flight('DEL', 'BOM', '2027-01-10T04:00:00Z', 120, { destinationTerminal: '1' });
  const onward = (departsAt: string, sourceTerminal: string) =>
    flight('BOM', 'BLR', departsAt, 105, { sourceTerminal });

  it('are offered at the minimum connection time and not a minute below it', () => {
    const onTime = onward('2027-01-10T06:45:00Z', '1');
    const tooShort = onward('2027-01-10T06:44:00Z', '1');
    const search = searchOf([first, onTime, tooShort], INDIA);
    expect(idsOf(search.find(query({}), BEFORE_ALL))).toEqual([[first.flightId, onTime.flightId]]);
  });

  it('take half an hour more between terminals, and say so', () => {
    const onTime = onward('2027-01-10T07:15:00Z', '2');
    const tooShort = onward('2027-01-10T07:14:00Z', '2');
    const [itinerary, ...others] = searchOf([first, onTime, tooShort], INDIA).find(query({}), BEFORE_ALL);
    expect(others).toEqual([]);
    expect(itinerary?.layovers).toEqual([
      { airport: 'BOM', minutes: 75, minimumMinutes: 75, terminalChange: true },
    ]);
  });

  it('end at the longest layover', () => {
    const latest = onward('2027-01-10T14:00:00Z', '1');
    const tooLate = onward('2027-01-10T14:01:00Z', '1');
    const search = searchOf([first, latest, tooLate], INDIA);
    expect(idsOf(search.find(query({}), BEFORE_ALL))).toEqual([[first.flightId, latest.flightId]]);
  });
});

describe('an index that changes', () => {
  it('finds a flight at its new time only, and not at all without seats', () => {
    const index = new FlightIndex(INDIA);
    const search = new ItinerarySearch(index, LIMITS);
    const original = flight('DEL', 'BLR', '2027-01-10T04:00:00Z', 165);
    const others = ['03:00', '05:00', '06:00'].map((time) =>
      flight('DEL', 'BLR', `2027-01-10T${time}:00Z`, 165),
    );
    for (const one of [original, ...others]) index.put(one);
    index.put({ ...original, departure: original.departure + 90, arrival: original.arrival + 90 });
    const byDeparture = query({ sort: 'departure' });
    const order = [others[0]!.flightId, others[1]!.flightId, original.flightId, others[2]!.flightId];
    expect(idsOf(search.find(byDeparture, BEFORE_ALL))).toEqual(order.map((id) => [id]));
    index.put({ ...others[1]!, seats: { economy: 0, business: 0 } });
    expect(index.size).toBe(4);
    expect(idsOf(search.find(byDeparture, BEFORE_ALL))).toEqual(
      [order[0], order[2], order[3]].map((id) => [id]),
    );
  });

  it('forgets flights that departed and keeps the rest', () => {
    const index = new FlightIndex(INDIA);
    const flights = [8, 9, 10, 11].map((day) =>
      flight('DEL', 'BLR', `2027-01-${day < 10 ? `0${day}` : day}T04:00:00Z`, 165),
    );
    for (const one of flights) index.put(one);
    index.dropBefore(flights[2]!.departure);
    expect(index.size).toBe(2);
    expect(idsOf(new ItinerarySearch(index, LIMITS).find(query({}), BEFORE_ALL))).toEqual([
      [flights[2]!.flightId],
    ]);
  });
});
