import type { EpochMinute } from '../airports/airport-time.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';
import { joinDirections, LowestPrices, MINIMUM_STAY_MINUTES } from './round-trip.js';

/** Both directions of a round trip, as they are searched. */
export interface RoundTripQuery {
  readonly outbound: ItineraryQuery;
  readonly inbound: ItineraryQuery;
}

/** Itineraries of both directions; every one has another to go with. */
export interface FoundRoundTrips {
  readonly outbound: readonly FoundItinerary[];
  readonly inbound: readonly FoundItinerary[];
  /** Absent when there is no round trip at all. */
  readonly cheapest?: { readonly outbound: FoundItinerary; readonly inbound: FoundItinerary };
  /** Whether itineraries that are not here had a say in what is, because the days lie close together. */
  readonly bounded: boolean;
  /** When the first of those departs; `Infinity` when none does. */
  readonly firstDeparture: EpochMinute;
}

const NOTHING: FoundRoundTrips = { outbound: [], inbound: [], bounded: true, firstDeparture: Infinity };

/** Finds itineraries there and back that leave time for a stay between them. */
export class RoundTripSearch {
  constructor(private readonly itineraries: ItinerarySearch) {}

  /** The best itineraries of each direction, in the orders asked for, and the cheapest two that go together. */
  find({ outbound, inbound }: RoundTripQuery, now: EpochMinute): FoundRoundTrips {
    const bounded = this.boundEachOther({ outbound, inbound }, now);
    if (bounded === undefined) return NOTHING;
    const { stay } = bounded;
    const cheapestOutbound = this.cheapest({ ...outbound, arrivesBy: stay.begin }, now);
    const cheapestInbound = this.cheapest({ ...inbound, departsFrom: stay.end }, now);
    if (cheapestOutbound === undefined || cheapestInbound === undefined) return NOTHING;
    return {
      outbound: this.itineraries.find(bounded.outbound, now),
      inbound: this.itineraries.find(bounded.inbound, now),
      cheapest: { outbound: cheapestOutbound, inbound: cheapestInbound },
      bounded: Number.isFinite(stay.begin),
      firstDeparture: bounded.firstDeparture,
    };
  }

  /** Where the days lie far enough apart, as nearly always, nothing in one direction rules out anything in the other. */
  private boundEachOther({ outbound, inbound }: RoundTripQuery, now: EpochMinute) {
    const arrived = this.itineraries.latestArrival(outbound);
    if (arrived + MINIMUM_STAY_MINUTES <= this.itineraries.earliestDeparture(inbound))
      return { outbound, inbound, stay: { begin: Infinity, end: -Infinity }, firstDeparture: Infinity };
    const arrivals = new LowestPrices((path) => path.arrival);
    const departures = new LowestPrices((path) => path.departure);
    this.itineraries.walk(outbound, now, arrivals);
    this.itineraries.walk(inbound, now, departures);
    const trips = joinDirections(arrivals, departures);
    if (trips === undefined) return undefined;
    return {
      outbound: { ...outbound, arrivesBy: trips.arriveBy },
      inbound: { ...inbound, departsFrom: trips.departFrom },
      stay: trips.cheapest,
      firstDeparture: Math.min(arrivals.firstDeparture, departures.firstDeparture),
    };
  }

  private cheapest(query: ItineraryQuery, now: EpochMinute): FoundItinerary | undefined {
    return this.itineraries.find({ ...query, sort: 'price', limit: 1, after: undefined }, now)[0];
  }
}
