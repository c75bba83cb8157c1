import type { AircraftType } from '@flight-booking/contracts';
import type { CabinFare } from '../flights/fare.js';

/** Days of the week a flight is flown on, by the date at the source: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A flight that repeats: the pattern that flights of single days are made from. */
export interface Schedule {
  /** Designator and number, such as `6E 2045`; names one schedule only. */
  readonly flightNumber: string;
  readonly airlineCode: string;
  readonly sourceCode: string;
  readonly destinationCode: string;
  readonly sourceTerminal: string | undefined;
  readonly destinationTerminal: string | undefined;
  /** Minutes after midnight by the clocks of the source. */
  readonly departureMinute: number;
  readonly blockMinutes: number;
  readonly weekdays: readonly Weekday[];
  readonly aircraftType: AircraftType;
  readonly economyFare: CabinFare;
  readonly businessFare: CabinFare | undefined;
}
