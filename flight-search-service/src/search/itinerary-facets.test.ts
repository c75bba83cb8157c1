import { expect, it } from 'vitest';
import { airportOf } from '../airports/airport-directory.js';
import {
  everyItinerary,
  indexOf,
  LIMITS,
  randomFlights,
  randomQuery,
  sequence,
} from '../testing/itinerary-oracle.js';
import type { ItineraryQuery } from './itinerary.js';
import { ItinerarySearch } from './itinerary-search.js';

const TIMETABLES_EACH = 40;
const BEFORE_ALL = 0;

const timetables = [
  ['india', ['DEL', 'BOM', 'BLR', 'HYD'], '2027-01-09T12:00:00Z', '2027-01-10'],
  [
    'the world on a change of clocks',
    ['DEL', 'BOM', 'KTM', 'LHR', 'JFK'],
    '2027-03-27T12:00:00Z',
    '2027-03-28',
  ],
] as const;

it.each(timetables)('each count is what applying its value leaves, in %s', (_, codes, from, date) => {
  const airports = codes.map(airportOf);
  let checked = 0;
  for (let seed = 1; seed <= TIMETABLES_EACH; seed += 1) {
    const random = sequence(seed * 104_729);
    const flights = randomFlights(random, airports, from);
    const search = new ItinerarySearch(indexOf(flights, airports), LIMITS);
    const query = randomQuery(random, airports, date);
    const facets = search.countFacets(query, BEFORE_ALL);
    const left = (change: Partial<ItineraryQuery>) =>
      everyItinerary(flights, { ...query, ...change }, BEFORE_ALL).length;
    const applied: Partial<ItineraryQuery>[][] = [
      facets.airlines.map(({ value }) => ({ airlines: [value] })),
      facets.maxStops.map(({ value }) => ({ maxStops: value })),
      facets.cabins.map(({ value }) => ({ cabin: value })),
      facets.departureWindows.map(({ value }) => ({ departureWindow: value })),
      facets.arrivalWindows.map(({ value }) => ({ arrivalWindow: value })),
      facets.maxPricePaise.map(({ value }) => ({ maxPricePaise: value })),
      facets.maxLayoverMinutes.map(({ value }) => ({ maxLayoverMinutes: value })),
    ];
    const counted = [
      facets.airlines,
      facets.maxStops,
      facets.cabins,
      facets.departureWindows,
      facets.arrivalWindows,
      facets.maxPricePaise,
      facets.maxLayoverMinutes,
    ].map((values) => values.map(({ count }) => count));
    expect(facets.total).toBe(left({}));
    expect(counted).toEqual(applied.map((changes) => changes.map(left)));
    for (const airlines of ['6E', 'AI', 'QP'].filter(
      (code) => !facets.airlines.some(({ value }) => value === code),
    ))
      expect(left({ airlines: [airlines] })).toBe(0);
    checked += counted.flat().filter((count) => count > 0).length;
  }
  expect(checked).toBeGreaterThan(TIMETABLES_EACH * 5);
});
