import type { EpochMinute } from '../airports/airport-time.js';
import type { ItineraryVisitor } from './itinerary-walk.js';
import type { Path } from './path.js';

/** Least time between coming in and leaving again: out of the airport, and back through check-in and security. */
export const MINIMUM_STAY_MINUTES = 120;

/** Between an arrival of one direction and a departure of the other. */
export interface Stay {
  readonly begin: EpochMinute;
  readonly end: EpochMinute;
}

/** The lowest price of the itineraries of one direction by a time of theirs. */
export class LowestPrices implements ItineraryVisitor {
  /** When the first of them departs. */
  firstDeparture: EpochMinute = Infinity;
  private readonly byTime = new Map<EpochMinute, number>();

  constructor(private readonly timeOf: (path: Path) => EpochMinute) {}

  mayAdmit(): boolean {
    return true;
  }

  visit(path: Path): void {
    this.firstDeparture = Math.min(this.firstDeparture, path.departure);
    const time = this.timeOf(path);
    const known = this.byTime.get(time);
    if (known === undefined || path.pricePaise < known) this.byTime.set(time, path.pricePaise);
  }

  /** Times and prices, by time. */
  sorted(): (readonly [EpochMinute, number])[] {
    return [...this.byTime].toSorted(([a], [b]) => a - b);
  }
}

/** What there is of both directions when each itinerary must have one of the other direction to go with. */
export interface RoundTrips {
  /** Outbound itineraries arrive no later. */
  readonly arriveBy: EpochMinute;
  /** Inbound itineraries leave no earlier. */
  readonly departFrom: EpochMinute;
  /** Of the cheapest round trip. */
  readonly cheapest: Stay;
}

/**
 * Joins the directions.
 * @param arrivals of the outbound itineraries
 * @param departures of the inbound itineraries
 * @returns `undefined` where no two leave time enough between them
 */
export function joinDirections(arrivals: LowestPrices, departures: LowestPrices): RoundTrips | undefined {
  const outbound = arrivals.sorted();
  const inbound = departures.sorted();
  let cheapest: Stay | undefined;
  let least = Infinity;
  let outboundBest: readonly [EpochMinute, number] | undefined;
  let i = 0;
  for (const [departure, price] of inbound) {
    for (; i < outbound.length && outbound[i]![0] + MINIMUM_STAY_MINUTES <= departure; i += 1) {
      if (outboundBest === undefined || outbound[i]![1] < outboundBest[1]) outboundBest = outbound[i];
    }
    if (outboundBest === undefined || outboundBest[1] + price >= least) continue;
    least = outboundBest[1] + price;
    cheapest = { begin: outboundBest[0], end: departure };
  }
  if (cheapest === undefined) return undefined;
  return {
    arriveBy: inbound.at(-1)![0] - MINIMUM_STAY_MINUTES,
    departFrom: outbound[0]![0] + MINIMUM_STAY_MINUTES,
    cheapest,
  };
}
