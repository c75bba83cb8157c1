import { cabin, MAX_SEATS_PER_BOOKING } from '@flight-booking/contracts';
import type { EpochDay } from '../airports/airport-time.js';
import { type AirportCharges, sameFare } from '../flights/fare.js';
import type { IndexedFlight } from './route-flights.js';

/**
 * What a change of a flight does to answers that were given before it: `own` concerns only answers that show the
 * flight, `others` may also concern answers that do not show it yet.
 */
export type ChangeReach = 'none' | 'own' | 'others';

/** A flight that changed, with the days on which it leaves. */
export interface FlightChange {
  readonly flightId: number;
  readonly reach: ChangeReach;
  readonly departureDays: readonly EpochDay[];
}

/** The part of a flight in the index that answers depend on, apart from its seats. */
const sameOffer = (a: IndexedFlight, b: IndexedFlight): boolean =>
  a.departure === b.departure &&
  a.arrival === b.arrival &&
  a.sourceTerminal === b.sourceTerminal &&
  a.destinationTerminal === b.destinationTerminal &&
  sameCharges(a.charges, b.charges) &&
  cabin.options.every((name) => sameFare(a.fares[name], b.fares[name]));

const sameCharges = (a: AirportCharges, b: AirportCharges): boolean =>
  a.userDevelopmentFeePaise === b.userDevelopmentFeePaise &&
  a.aviationSecurityFeePaise === b.aviationSecurityFeePaise;

/**
 * Compares a flight with what the index knew of it. Seats that are taken can only remove a flight from answers
 * that show it; so can seats that are given back where the largest party had room before.
 */
export function changeOf(before: IndexedFlight | undefined, after: IndexedFlight): FlightChange {
  if (before === undefined)
    return { flightId: after.flightId, reach: 'others', departureDays: [after.departureDay] };
  return {
    flightId: after.flightId,
    reach: reachOf(before, after),
    departureDays: [...new Set([before.departureDay, after.departureDay])],
  };
}

function reachOf(before: IndexedFlight, after: IndexedFlight): ChangeReach {
  if (!sameOffer(before, after)) return 'others';
  if (cabin.options.every((name) => after.seats[name] === before.seats[name])) return 'none';
  const opensToNobody = cabin.options.every(
    (name) => after.seats[name] <= before.seats[name] || before.seats[name] >= MAX_SEATS_PER_BOOKING,
  );
  return opensToNobody ? 'own' : 'others';
}
