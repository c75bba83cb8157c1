import { expect, it } from 'vitest';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf } from '../airports/airport-time.js';
import {
  ANY_QUERY,
  everyItinerary,
  flight,
  indexOf,
  LIMITS,
  priceOf,
  randomFlights,
  randomQuery,
  sequence,
} from '../testing/itinerary-oracle.js';
import type { ItineraryQuery } from './itinerary.js';
import { ItinerarySearch } from './itinerary-search.js';
import type { IndexedFlight } from './route-flights.js';
import { RoundTripSearch } from './round-trip-search.js';

const BEFORE_ALL = 0;
const AIRPORTS = ['DEL', 'BOM', 'KTM', 'LHR', 'JFK'].map(airportOf);

const turned = (query: ItineraryQuery, day: number): ItineraryQuery => ({
  ...query,
  source: query.destination,
  destination: query.source,
  day,
});
const roundTripsIn = (flights: readonly IndexedFlight[]) =>
  new RoundTripSearch(new ItinerarySearch(indexOf(flights, AIRPORTS), LIMITS));
const idsOf = (paths: readonly (readonly IndexedFlight[])[]) =>
  paths.map((path) => path.map((one) => one.flightId));
const staysLongEnough = (there: readonly IndexedFlight[], back: readonly IndexedFlight[]) =>
  back[0]!.departure - there.at(-1)!.arrival >= 120;

it('offers what has something to go with, and the cheapest two that go together', () => {
  let trips = 0;
  let narrowed = 0;
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = sequence(seed * 15_485_863);
    const flights = [
      ...randomFlights(random, AIRPORTS, '2027-01-09T12:00:00Z'),
      ...randomFlights(random, AIRPORTS, '2027-01-18T12:00:00Z'),
    ];
    const outbound = { ...randomQuery(random, AIRPORTS, '2027-01-10'), limit: 1_000 };
    const inbound = turned(outbound, outbound.day + [0, 0, 1, 9][random(4)]!);
    const there = everyItinerary(flights, outbound, BEFORE_ALL);
    const back = everyItinerary(flights, inbound, BEFORE_ALL);
    const pairs = there.flatMap((a) => back.filter((b) => staysLongEnough(a, b)).map((b) => [a, b] as const));
    const found = roundTripsIn(flights).find({ outbound, inbound }, BEFORE_ALL);
    const outboundPaths = there.filter((path) => pairs.some(([a]) => a === path));
    expect(found.outbound.map((one) => one.flightIds)).toEqual(idsOf(outboundPaths));
    expect(found.inbound.map((one) => one.flightIds)).toEqual(
      idsOf(back.filter((path) => pairs.some(([, b]) => b === path))),
    );
    const total = Math.min(...pairs.map(([a, b]) => priceOf(a, outbound) + priceOf(b, inbound)));
    const { cheapest } = found;
    expect(
      cheapest === undefined ? Infinity : cheapest.outbound.pricePaise + cheapest.inbound.pricePaise,
    ).toBe(total);
    if (cheapest !== undefined)
      expect(
        cheapest.inbound.legs[0]!.departure - cheapest.outbound.legs.at(-1)!.arrival,
      ).toBeGreaterThanOrEqual(120);
    trips += pairs.length;
    narrowed += there.length - outboundPaths.length;
  }
  expect(trips).toBeGreaterThan(300);
  expect(narrowed).toBeGreaterThan(50);
});

it('leaves two hours between coming in and leaving again, and not a minute less', () => {
  const day = epochDayOf('2027-01-10');
  const there = flight('DEL', 'BOM', '2027-01-10T04:00:00Z', 120);
  const tooSoon = flight('BOM', 'DEL', '2027-01-10T07:59:00Z', 120);
  const inTime = flight('BOM', 'DEL', '2027-01-10T08:00:00Z', 120);
  const outbound: ItineraryQuery = { ...ANY_QUERY, day, maxStops: 0 };
  const found = roundTripsIn([there, tooSoon, inTime]).find(
    { outbound, inbound: turned(outbound, day) },
    BEFORE_ALL,
  );
  expect(found.inbound.map((one) => one.flightIds)).toEqual([[inTime.flightId]]);
  const none = roundTripsIn([there, tooSoon]).find({ outbound, inbound: turned(outbound, day) }, BEFORE_ALL);
  expect(none).toMatchObject({ outbound: [], inbound: [] });
});

it('knows that a long way there may end after the day of the way back has begun', () => {
  const day = epochDayOf('2027-01-10');
  const there = flight('DEL', 'JFK', '2027-01-10T18:00:00Z', 1_600);
  const back = ['2027-01-11T20:00:00Z', '2027-01-11T23:00:00Z'].map((at) => flight('JFK', 'DEL', at, 900));
  const outbound: ItineraryQuery = { ...ANY_QUERY, destination: 'JFK', day, maxStops: 0 };
  const query = { outbound, inbound: turned(outbound, day + 1) };
  const found = roundTripsIn([there, ...back]).find(query, BEFORE_ALL);
  expect(found.inbound.map((one) => one.flightIds)).toEqual([[back[1]!.flightId]]);
});
