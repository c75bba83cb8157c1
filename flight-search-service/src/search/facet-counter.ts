import { cabin } from '@flight-booking/contracts';
import { airportOf } from '../airports/airport-directory.js';
import type { EpochMinute } from '../airports/airport-time.js';
import { type ClockWindow, isWithin } from './itinerary-filters.js';
import type { ItineraryQuery } from './itinerary.js';
import {
  type Facets,
  type FacetValue,
  LAYOVER_STEPS_MINUTES,
  MINUTES_PER_PART,
  PARTS_OF_THE_DAY,
  PRICE_STEPS_PAISE,
} from './itinerary-facets.js';
import type { ItineraryVisitor } from './itinerary-walk.js';
import type { Path } from './path.js';
import type { Labels } from './labels.js';
import { ZoneClock } from './zone-clock.js';

/** Filters by bits, so that those that leave an itinerary out make a set. */
const AIRLINES = 1;
const STOPS = 2;
const DEPARTURE = 4;
const ARRIVAL = 8;
const PRICE = 16;
const LAYOVER = 32;

const NO_FILTER = 0;

/**
 * Counts every itinerary that no filter has touched yet: one that passes all filters counts for each, and one that
 * a single filter leaves out counts for that filter only, because another value of it might let it in.
 */
export class FacetCounter implements ItineraryVisitor {
  private total = 0;
  private firstDeparture: EpochMinute = Infinity;
  private readonly airlines = new Map<number, number>();
  private readonly stops = [0, 0, 0];
  private readonly departures = PARTS_OF_THE_DAY.map(() => 0);
  private readonly arrivals = PARTS_OF_THE_DAY.map(() => 0);
  private readonly prices = PRICE_STEPS_PAISE.map(() => 0);
  private readonly layovers = LAYOVER_STEPS_MINUTES.map(() => 0);
  private readonly sourceClock: ZoneClock;
  private readonly destinationClock: ZoneClock;

  constructor(
    private readonly query: ItineraryQuery,
    private readonly airlineLabels: Labels,
    private readonly allowedAirlines: Uint8Array | undefined,
  ) {
    this.sourceClock = new ZoneClock(airportOf(query.source).timeZone);
    this.destinationClock = new ZoneClock(airportOf(query.destination).timeZone);
  }

  mayAdmit(): boolean {
    return true;
  }

  visit(path: Path): void {
    this.firstDeparture = Math.min(this.firstDeparture, path.departure);
    const departs = this.sourceClock.minuteOfDay(path.departure);
    const arrives = this.destinationClock.minuteOfDay(path.arrival);
    const layover = path.longestLayoverMinutes();
    const failed = this.failedBy(path, departs, arrives, layover);
    const counts = (filter: number): boolean => failed === NO_FILTER || failed === filter;
    if (failed === NO_FILTER) this.total += 1;
    if (counts(AIRLINES)) this.countAirline(path.soleAirline());
    if (counts(STOPS)) add(this.stops, path.legs - 1);
    if (counts(DEPARTURE)) add(this.departures, Math.floor(departs / MINUTES_PER_PART));
    if (counts(ARRIVAL)) add(this.arrivals, Math.floor(arrives / MINUTES_PER_PART));
    if (counts(PRICE)) add(this.prices, stepOf(PRICE_STEPS_PAISE, path.pricePaise));
    if (counts(LAYOVER)) add(this.layovers, stepOf(LAYOVER_STEPS_MINUTES, layover));
  }

  /** @param otherCabin of the search in the cabin that it is not about */
  facets(otherCabin: ItineraryCount): Facets {
    const { query, total } = this;
    return {
      total,
      airlines: [...this.airlines]
        .map(([number, count]) => ({ value: this.airlineLabels.textOf(number) ?? '', count }))
        .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
      maxStops: upTo([0, 1, 2] as const, this.stops),
      cabins: cabin.options.map((value) => ({
        value,
        count: value === query.cabin ? total : otherCabin.total,
      })),
      departureWindows: each(PARTS_OF_THE_DAY, this.departures),
      arrivalWindows: each(PARTS_OF_THE_DAY, this.arrivals),
      maxPricePaise: upTo(PRICE_STEPS_PAISE, this.prices),
      maxLayoverMinutes: upTo(LAYOVER_STEPS_MINUTES, this.layovers),
      firstDeparture: Math.min(this.firstDeparture, otherCabin.firstDeparture),
    };
  }

  /** The filters that leave an itinerary out. */
  private failedBy(path: Path, departs: number, arrives: number, layover: number): number {
    const { query, allowedAirlines } = this;
    const passesAirlines = allowedAirlines === undefined || path.isFlownBy(allowedAirlines);
    return (
      (passesAirlines ? 0 : AIRLINES) |
      (path.legs - 1 <= query.maxStops ? 0 : STOPS) |
      (passes(query.departureWindow, departs) ? 0 : DEPARTURE) |
      (passes(query.arrivalWindow, arrives) ? 0 : ARRIVAL) |
      (path.pricePaise <= (query.maxPricePaise ?? Infinity) ? 0 : PRICE) |
      (layover <= (query.maxLayoverMinutes ?? Infinity) ? 0 : LAYOVER)
    );
  }

  private countAirline(number: number | undefined): void {
    if (number !== undefined) this.airlines.set(number, (this.airlines.get(number) ?? 0) + 1);
  }
}

/** Counts itineraries and does nothing else with them. */
export class ItineraryCount implements ItineraryVisitor {
  total = 0;
  firstDeparture: EpochMinute = Infinity;

  mayAdmit(): boolean {
    return true;
  }

  visit({ departure }: Path): void {
    this.total += 1;
    this.firstDeparture = Math.min(this.firstDeparture, departure);
  }
}

const passes = (window: ClockWindow | undefined, minuteOfDay: number): boolean =>
  window === undefined || isWithin(window, minuteOfDay);

/** What lies beyond the last step is counted nowhere. */
function add(counts: number[], at: number): void {
  if (at < counts.length) counts[at] = counts[at]! + 1;
}

/** The first step that a figure does not exceed. */
function stepOf(steps: readonly number[], figure: number): number {
  let at = 0;
  while (at < steps.length && steps[at]! < figure) at += 1;
  return at;
}

const each = <Value>(values: readonly Value[], counts: readonly number[]): FacetValue<Value>[] =>
  values.map((value, i) => ({ value, count: counts[i]! }));

/** Values that let in all that the smaller ones do. */
function upTo<Value>(values: readonly Value[], counts: readonly number[]): FacetValue<Value>[] {
  let count = 0;
  return values.map((value, i) => {
    count += counts[i]!;
    return { value, count };
  });
}
