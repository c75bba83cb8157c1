import type { EpochMinute } from '../airports/airport-time.js';

/**
 * A part of the day by the clocks of an airport, in minutes after midnight. `from` belongs to it and `to` does not,
 * so windows that follow each other share no flight; one whose `to` lies before its `from` goes past midnight.
 */
export interface ClockWindow {
  readonly from: number;
  readonly to: number;
}

/** What customers narrow a search down by; what is absent narrows nothing. */
export interface ItineraryFilters {
  /** Designators; every leg is flown by one of them. */
  readonly airlines?: readonly string[] | undefined;
  /** Of the first departure, by the clocks of the source. */
  readonly departureWindow?: ClockWindow | undefined;
  /** Of the last arrival, by the clocks of the destination. */
  readonly arrivalWindow?: ClockWindow | undefined;
  /** For one passenger and all legs. */
  readonly maxPricePaise?: number | undefined;
  /** Of every layover. */
  readonly maxLayoverMinutes?: number | undefined;
}

/** What the other direction of a round trip leaves possible. */
export interface ItineraryBounds {
  readonly departsFrom?: EpochMinute | undefined;
  readonly arrivesBy?: EpochMinute | undefined;
}

/** Whether a window has a minute of the day. */
export const isWithin = ({ from, to }: ClockWindow, minuteOfDay: number): boolean =>
  from < to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
