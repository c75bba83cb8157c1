import { type EpochDay, epochDayOfInstant } from '../airports/airport-time.js';
import { DAYS_ON_SALE } from '../flights/flight.js';

/** Under what an answer is kept: the days that its itineraries begin on, and everything that was asked. */
export interface AnswerKey {
  readonly days: readonly EpochDay[];
  readonly query: string;
}

/** By the clocks of some place it is still yesterday, or tomorrow already. */
const CLOCK_DAYS = 1;

/**
 * Whether an answer may be kept: only where something can be sold on one of its days. Others have no itineraries and
 * are made quickly, and keeping none of them bounds what the cache may be made to hold.
 */
export function mayBeKept({ days }: AnswerKey, now: Date): boolean {
  const today = epochDayOfInstant(now);
  return days.some((day) => day >= today - CLOCK_DAYS && day <= today + DAYS_ON_SALE + CLOCK_DAYS);
}

/** The flights whose every change concerns an answer; `any` where it also counts flights that it does not show. */
export type Concerns = ReadonlySet<number> | 'any';

/** An answer that was made of the index just now, and what ends it. */
export interface MadeAnswer {
  readonly json: string;
  readonly concerns: Concerns;
  /** The first departure that makes it untrue, in epoch milliseconds; `Infinity` when none does. */
  readonly departsAtMs: number;
}

/**
 * A flight may be a later leg of an itinerary that began days before: two flights of 16 hours and two waits, on
 * either side of the date line.
 */
const DAYS_BEFORE = 5;
const DAYS_AFTER = 1;

/** Days of first departures of itineraries that a flight leaving on a day can be part of. */
export const searchDaysOf = (departureDay: EpochDay): EpochDay[] =>
  Array.from({ length: DAYS_BEFORE + 1 + DAYS_AFTER }, (_, i) => departureDay - DAYS_BEFORE + i);
