import { basisPointsOf, type CancellationFee, type FareConditions } from '@flight-booking/contracts';
import type { OfferedBooking } from '../bookings/booking.js';
import type { FareGroup } from '../prices/fare-group.js';
import type { CancellationPolicy } from './cancellation-policy.js';

/** The time after booking in which cancelling is free. */
export interface LookIn {
  readonly hours: number;
  /** How many days before departure a booking must be made to have it. */
  readonly noticeDays: number;
}

/** What cancelling costs of a fare: as it was sold, or by the policy if it was sold before fares had conditions. */
export interface FareTerms {
  readonly lookIn: LookIn;
  /** The longest time before departure first, and the last from departure itself. */
  readonly fees: readonly CancellationFee[];
}

/** The terms under which a flight of a booking was sold in a cabin. A booking keeps the fares of its brand alone. */
export function fareTermsOf(
  flights: OfferedBooking['flights'],
  { flightId, cabin }: Pick<FareGroup, 'flightId' | 'cabin'>,
  policy: CancellationPolicy,
): FareTerms {
  const flight = flights.find((candidate) => candidate.flight_id === flightId);
  const conditions = flight?.fares.find((fare) => fare.cabin === cabin)?.conditions;
  if (conditions !== undefined) return soldTerms(conditions);
  const { lookInHours: hours, lookInNoticeDays: noticeDays } = policy;
  return { lookIn: { hours, noticeDays }, fees: policy.fees[cabin] };
}

/** The look-in of a booking is that of its strictest fare, for it is cancelled as a whole. */
export const strictestLookIn = (terms: readonly FareTerms[]): LookIn => ({
  hours: Math.min(...terms.map(({ lookIn }) => lookIn.hours)),
  noticeDays: Math.max(...terms.map(({ lookIn }) => lookIn.noticeDays)),
});

const soldTerms = ({ cancellation: { look_in: lookIn, fees } }: FareConditions): FareTerms => ({
  lookIn: { hours: lookIn.hours, noticeDays: lookIn.notice_days },
  fees: fees.map(({ hours_before: hoursBefore, percent }) => ({
    hoursBefore,
    share: basisPointsOf(percent),
  })),
});
