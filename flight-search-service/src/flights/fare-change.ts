import type { Cabin } from '@flight-booking/contracts';
import { type CabinFare, sameFare } from './fare.js';
import type { Flight } from './flight.js';

/** New fares of a flight: one for each cabin that its aircraft has. */
export interface NewFares {
  readonly economy: CabinFare;
  readonly business: CabinFare | undefined;
}

/** What a fare of a flight was and what it is to be. */
export interface FareMove {
  readonly cabin: Cabin;
  readonly before: CabinFare;
  readonly after: CabinFare;
}

/** A change that was made to a fare of a flight. */
export interface FareChange extends FareMove {
  readonly fareChangeId: number;
  /** The account of the admin. */
  readonly changedBy: number;
  readonly changedAt: Date;
}

/** The cabins of a flight whose fare is another one than it is to be. */
export const movesTo = (flight: Flight, fares: NewFares): FareMove[] =>
  flight.cabins.flatMap(({ cabin, fare: before }) => {
    const after = fares[cabin];
    return after === undefined || sameFare(before, after) ? [] : [{ cabin, before, after }];
  });

/** The flight as it is with its new fares. */
export const withFares = (flight: Flight, fares: NewFares): Flight => ({
  ...flight,
  cabins: flight.cabins.map((cabin) => ({ ...cabin, fare: fares[cabin.cabin] ?? cabin.fare })),
});
