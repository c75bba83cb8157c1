import { AIRCRAFT_LAYOUTS } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { AIRLINES } from '../airlines/airline.js';
import { AIRPORTS, airportOf } from '../airports/airport-directory.js';
import { distanceKm } from '../airports/great-circle.js';
import { FARE_STEP_PAISE } from '../flights/fare.js';
import { expandTimetable } from './expand-timetable.js';
import { ROUTES } from './route.js';

const full = expandTimetable('full');
const quick = expandTimetable('quick');
const flightsADay = (schedules: typeof full): number =>
  schedules.reduce((sum, schedule) => sum + schedule.weekdays.length, 0) / 7;

describe('the full timetable', () => {
  it('flies about 3,000 flights a day between all airports, of all airlines, with all aircraft types', () => {
    expect(flightsADay(full)).toBeGreaterThan(2900);
    expect(flightsADay(full)).toBeLessThan(3200);
    const served = new Set(full.map((schedule) => schedule.sourceCode));
    expect([...served].toSorted()).toEqual(AIRPORTS.map((airport) => airport.code).toSorted());
    expect(new Set(full.map((schedule) => schedule.airlineCode)).size).toBe(AIRLINES.length);
    expect(new Set(full.map((schedule) => schedule.aircraftType)).size).toBe(
      Object.keys(AIRCRAFT_LAYOUTS).length,
    );
  });

  it('names every flight once, and authors every pair of airports once', () => {
    expect(new Set(full.map((schedule) => schedule.flightNumber)).size).toBe(full.length);
    const pairs = ROUTES.map((route) =>
      route.ends
        .map((end) => end.code)
        .toSorted()
        .join(''),
    );
    expect(pairs.filter((pair, i) => pairs.indexOf(pair) !== i)).toEqual([]);
  });

  it('has flights that arrive on the next day', () => {
    const overnight = full.filter((schedule) => schedule.departureMinute + schedule.blockMinutes > 24 * 60);
    expect(overnight.length).toBeGreaterThan(50);
  });

  it('sets fares in whole steps, so that tax halves are exact', () => {
    for (const { economyFare, businessFare } of full) {
      for (const fare of [economyFare, businessFare ?? economyFare]) {
        expect(fare.baseFarePaise % FARE_STEP_PAISE).toBe(0);
        expect(fare.fuelSurchargePaise % FARE_STEP_PAISE).toBe(0);
        expect(fare.baseFarePaise).toBeGreaterThan(0);
      }
    }
  });

  it('has a business cabin on the 787-8 and nowhere else', () => {
    for (const schedule of full) {
      expect(schedule.businessFare !== undefined).toBe(schedule.aircraftType === '787-8');
    }
  });
});

describe('the quick timetable', () => {
  it('flies a few hundred flights a day and still serves every airport', () => {
    expect(flightsADay(quick)).toBeGreaterThan(250);
    expect(flightsADay(quick)).toBeLessThan(400);
    expect(new Set(quick.map((schedule) => schedule.sourceCode)).size).toBe(AIRPORTS.length);
  });

  it('is a part of the full one', () => {
    const byNumber = new Map(full.map((schedule) => [schedule.flightNumber, schedule]));
    for (const schedule of quick) expect(byNumber.get(schedule.flightNumber)).toEqual(schedule);
  });
});

describe('distances', () => {
  it.each([
    ['DEL', 'BOM', 1136],
    ['DEL', 'BLR', 1709],
    ['DEL', 'HYD', 1267],
    ['DEL', 'CCU', 1314],
    ['DEL', 'MAA', 1760],
    ['BOM', 'BLR', 835],
    ['BOM', 'CCU', 1665],
    ['BOM', 'GOI', 425],
    ['BLR', 'HYD', 455],
    ['MAA', 'BLR', 269],
    ['DEL', 'JAI', 230],
    ['DEL', 'SXR', 645],
    ['DEL', 'GAU', 1457],
    ['DEL', 'DXB', 2183],
    ['DEL', 'SIN', 4159],
    ['BOM', 'LHR', 7212],
  ])('%s to %s is about %i km', (from, to, km) => {
    expect(Math.abs(distanceKm(airportOf(from), airportOf(to)) - km)).toBeLessThan(km * 0.012 + 3);
  });
});
