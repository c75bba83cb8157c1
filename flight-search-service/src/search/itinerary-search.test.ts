import { describe, expect, it } from 'vitest';
import { type Airport } from '../airports/airport.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf, epochMinuteOf } from '../airports/airport-time.js';
import {
  ANY_QUERY,
  everyItinerary,
  flight,
  indexOf,
  LIMITS,
  randomFlights,
  randomQuery,
  sequence,
  waitBetween,
} from '../testing/itinerary-oracle.js';
import { FlightIndex } from './flight-index.js';
import { SORT_ORDERS } from './itinerary-order.js';
import type { ItineraryQuery } from './itinerary.js';
import { ItinerarySearch } from './itinerary-search.js';
import type { IndexedFlight } from './route-flights.js';

const BEFORE_ALL = 0;

const searchOf = (flights: readonly IndexedFlight[], airports: readonly Airport[]): ItinerarySearch =>
  new ItinerarySearch(indexOf(flights, airports), LIMITS);

const INDIA = ['DEL', 'BOM', 'BLR', 'HYD'].map(airportOf);
const PACIFIC = ['SYD', 'MEL', 'SFO', 'JFK', 'SIN'].map(airportOf);
const WORLD = ['DEL', 'BOM', 'KTM', 'LHR', 'JFK', 'SYD'].map(airportOf);

const query = (more: Partial<ItineraryQuery>): ItineraryQuery => ({
  ...ANY_QUERY,
  destination: 'BLR',
  day: epochDayOf('2027-01-10'),
  ...more,
});

const idsOf = (found: readonly { flightIds: readonly number[] }[]) => found.map(({ flightIds }) => flightIds);

const idsOfPaths = (paths: readonly (readonly IndexedFlight[])[]) =>
  paths.map((path) => path.map((one) => one.flightId));

/** Everything that a search finds, page by page. */
function pagesOf(search: ItinerarySearch, q: ItineraryQuery, now: number): (readonly number[])[] {
  const paged: (readonly number[])[] = [];
  let page = search.find(q, now);
  while (page.length > 0) {
    paged.push(...idsOf(page));
    page = search.find({ ...q, after: page.at(-1) }, now);
  }
  return paged;
}

describe('the index against a search of every sequence of flights', () => {
  const TIMETABLES_EACH = 125;
  const timetables = [
    ['india', INDIA, '2027-01-09T12:00:00Z', '2027-01-10'],
    ['the world', WORLD, '2027-01-09T06:00:00Z', '2027-01-10'],
    ['either side of the date line', PACIFIC, '2027-01-09T06:00:00Z', '2027-01-10'],
    ['a change of clocks', WORLD, '2027-03-27T12:00:00Z', '2027-03-28'],
  ] as const;
  for (const [name, airports, from, date] of timetables) {
    it(`finds the same itineraries in the same order in ${TIMETABLES_EACH} random timetables of ${name}`, () => {
      let found = 0;
      for (let seed = 1; seed <= TIMETABLES_EACH; seed += 1) {
        const random = sequence(seed * 7919);
        const flights = randomFlights(random, airports, from);
        const search = searchOf(flights, airports);
        for (const sort of SORT_ORDERS) {
          const q = { ...randomQuery(random, airports, date), sort };
          const now = random(2) === 0 ? BEFORE_ALL : epochMinuteOf(new Date(`${date}T08:00:00Z`));
          const expected = idsOfPaths(everyItinerary(flights, q, now));
          expect(idsOf(search.find({ ...q, limit: 1_000 }, now))).toEqual(expected);
          expect(pagesOf(search, { ...q, limit: 1 + random(7) }, now)).toEqual(expected);
          found += expected.length;
        }
      }
      expect(found).toBeGreaterThan(500);
    });
  }

  it('meets every edge of the rules in those timetables', () => {
    const met = { tooShort: 0, least: 0, most: 0, tooLong: 0, sameDeparture: 0 };
    for (const [, airports, from] of timetables) {
      const flights = randomFlights(sequence(7919), airports, from);
      for (const a of flights) {
        for (const b of flights.filter((one) => one.source === a.destination)) {
          const { wait, least, most } = waitBetween(a, b);
          met.tooShort += wait === least - 1 ? 1 : 0;
          met.least += wait === least ? 1 : 0;
          met.most += wait === most ? 1 : 0;
          met.tooLong += wait === most + 1 ? 1 : 0;
        }
        const twins = flights.filter((b) => b.source === a.source && b.destination === a.destination);
        met.sameDeparture += twins.filter((b) => b !== a && b.departure === a.departure).length;
      }
    }
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(0);
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
