import { airportOf } from '../airports/airport-directory.js';
import { terminalOf } from '../airports/airport.js';
import { calendarDateOf, localDay, epochMinuteOf } from '../airports/airport-time.js';
import type { NewFlight } from '../flights/flight.js';

/** The flight that documentation and examples name. */
export const FIRST_FLIGHT_ID = 1;

/**
 * How far ahead it departs. Airlines sell about a year ahead; a flight that lies so far away stays in the future
 * for as long as anybody is likely to keep the same data, without ever being moved under a passenger.
 */
const DAYS_AHEAD = 360;
const BLOCK_MINUTES = 165;

/** The first flight as it is at first, seen from an instant: DEL to BLR on an A320, in the morning. */
export function firstFlight(now: Date): NewFlight {
  const source = airportOf('DEL');
  const destination = airportOf('BLR');
  const day = calendarDateOf(localDay(epochMinuteOf(now), source.timeZone) + DAYS_AHEAD);
  const departureAt = new Date(`${day}T07:00:00+05:30`);
  return {
    flightNumber: 'AI 1',
    airlineCode: 'AI',
    sourceCode: source.code,
    destinationCode: destination.code,
    sourceTerminal: terminalOf(source, 'AI', true),
    destinationTerminal: terminalOf(destination, 'AI', true),
    departureAt,
    arrivalAt: new Date(departureAt.getTime() + BLOCK_MINUTES * 60_000),
    aircraftType: 'A320',
    economyFare: { baseFarePaise: 450_000, fuelSurchargePaise: 50_000 },
    businessFare: undefined,
  };
}
