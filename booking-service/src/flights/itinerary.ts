import type { FlightDetail } from '@flight-booking/contracts';
import { FlightsDoNotConnect } from './flight.errors.js';

/**
 * Each leg must leave from where the one before it arrives, and not before that arrives. How long a connection
 * should take is search's to advise; what no passenger could ever reach is not sold.
 * @throws FlightsDoNotConnect naming the first pair
 */
export function requireConnected(legs: readonly FlightDetail[]): void {
  for (const [index, after] of legs.entries()) {
    const before = legs[index - 1];
    if (before !== undefined && !connects(before, after))
      throw new FlightsDoNotConnect(before.flight_id, after.flight_id);
  }
}

/** The leg that leaves first. Its departure is the end of everything that must happen before travel. */
export const firstLeg = (legs: readonly FlightDetail[]): FlightDetail =>
  legs.reduce((first, leg) =>
    Date.parse(leg.departure_time) < Date.parse(first.departure_time) ? leg : first,
  );

const connects = (before: FlightDetail, after: FlightDetail): boolean =>
  before.destination.code === after.source.code &&
  Date.parse(before.arrival_time) <= Date.parse(after.departure_time);
