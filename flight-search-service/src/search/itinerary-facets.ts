import type { Cabin } from '@flight-booking/contracts';
import type { EpochMinute } from '../airports/airport-time.js';
import type { ClockWindow } from './itinerary-filters.js';

/** A value of a filter, and how many itineraries applying it would leave. */
export interface FacetValue<Value> {
  readonly value: Value;
  readonly count: number;
}

/**
 * What each filter would leave: for each of its values, the itineraries that there are when it has this value
 * alone and every other filter stays as it is.
 */
export interface Facets {
  /** Itineraries of the search as it is, on all its pages. */
  readonly total: number;
  /** Airlines that fly an itinerary by themselves. */
  readonly airlines: readonly FacetValue<string>[];
  readonly maxStops: readonly FacetValue<0 | 1 | 2>[];
  readonly cabins: readonly FacetValue<Cabin>[];
  readonly departureWindows: readonly FacetValue<ClockWindow>[];
  readonly arrivalWindows: readonly FacetValue<ClockWindow>[];
  readonly maxPricePaise: readonly FacetValue<number>[];
  readonly maxLayoverMinutes: readonly FacetValue<number>[];
  /** When the first of all that were counted departs, and the counts with it; `Infinity` when none does. */
  readonly firstDeparture: EpochMinute;
}

/** Night, morning, afternoon and evening. */
export const PARTS_OF_THE_DAY: readonly ClockWindow[] = [0, 6, 12, 18].map((hour) => ({
  from: hour * 60,
  to: (hour + 6) * 60,
}));
/** How long each of {@link PARTS_OF_THE_DAY} is. */
export const MINUTES_PER_PART = 360;

const LAKH_PAISE = 10_000_000;
/** Steps that are worth choosing between for a hop as well as for a flight around half the world. */
export const PRICE_STEPS_PAISE: readonly number[] = [
  250_000,
  500_000,
  750_000,
  1_000_000,
  1_500_000,
  2_000_000,
  3_000_000,
  5_000_000,
  7_500_000,
  LAKH_PAISE,
  2 * LAKH_PAISE,
  3 * LAKH_PAISE,
];

/** Longest layovers that are worth choosing between. */
export const LAYOVER_STEPS_MINUTES: readonly number[] = [60, 90, 120, 180, 240, 360, 480, 720, 1_440];
