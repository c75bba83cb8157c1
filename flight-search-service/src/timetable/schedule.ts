import type { CabinFare } from '../flights/fare.js';
import type { FlightPattern } from '../flights/flight.js';

/** Days of the week a flight is flown on, by the date at the source: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A flight that repeats: the pattern that flights of single days are made from. Its number is no other schedule's. */
export interface Schedule extends FlightPattern {
  /** Minutes after midnight by the clocks of the source. */
  readonly departureMinute: number;
  readonly blockMinutes: number;
  readonly weekdays: readonly Weekday[];
  readonly economyFare: CabinFare;
  readonly businessFare: CabinFare | undefined;
}
