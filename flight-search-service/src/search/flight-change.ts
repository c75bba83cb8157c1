import { type Cabin, MAX_SEATS_PER_BOOKING } from '@flight-booking/contracts';
import type { EpochDay } from '../airports/airport-time.js';
import type { AirportCharges, CabinFare } from '../flights/fare.js';
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

const CABINS: readonly Cabin[] = ['economy', 'business'];

/** The part of a flight in the index that answers depend on, apart from its seats. */
const sameOffer = (a: IndexedFlight, b: IndexedFlight): boolean =>
  a.departure === b.departure &&
  a.arrival === b.arrival &&
  a.sourceTerminal === b.sourceTerminal &&
  a.destinationTerminal === b.destinationTerminal &&
  sameCharges(a.charges, b.charges) &&
  CABINS.every((cabin) => sameFare(a.fares[cabin], b.fares[cabin]));

const sameCharges = (a: AirportCharges, b: AirportCharges): boolean =>
  a.userDevelopmentFeePaise === b.userDevelopmentFeePaise &&
  a.aviationSecurityFeePaise === b.aviationSecurityFeePaise;

const sameFare = (a: CabinFare, b: CabinFare): boolean =>
  a.baseFarePaise === b.baseFarePaise && a.fuelSurchargePaise === b.fuelSurchargePaise;

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
  if (CABINS.every((cabin) => after.seats[cabin] === before.seats[cabin])) return 'none';
  const opensToNobody = CABINS.every(
    (cabin) => after.seats[cabin] <= before.seats[cabin] || before.seats[cabin] >= MAX_SEATS_PER_BOOKING,
  );
  return opensToNobody ? 'own' : 'others';
}
