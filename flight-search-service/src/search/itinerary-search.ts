import type { Cabin } from '@flight-booking/contracts';
import type { EpochMinute } from '../airports/airport-time.js';
import { type LayoverLimits, minimumConnectionMinutes } from './connection-rules.js';
import { BestItineraries } from './best-itineraries.js';
import type { FlightIndex } from './flight-index.js';
import type { FoundItinerary, FoundLayover, FoundLeg, ItineraryQuery } from './itinerary.js';
import type { Candidate } from './itinerary-order.js';
import { FacetCounter, ItineraryCount } from './facet-counter.js';
import type { Facets } from './itinerary-facets.js';
import { type ItineraryVisitor, ItineraryWalk, type WalkQuery } from './itinerary-walk.js';
import { changesTerminal, type Position } from './path.js';
import { SEATS_COLUMN } from './route-flights.js';
import { reachOfDay } from './zone-clock.js';

/** Finds the best itineraries in a timetable. One search is one synchronous run: the index holds still. */
export class ItinerarySearch {
  constructor(
    private readonly index: FlightIndex,
    private readonly limits: LayoverLimits,
  ) {}

  /** Itineraries whose first flight departs after `now`, in the order asked for. */
  find(query: ItineraryQuery, now: EpochMinute): FoundItinerary[] {
    const best = new BestItineraries(query.sort, query.limit, query.after);
    this.walk(query, now, best);
    return best.list.map((candidate) => this.describe(candidate, query));
  }

  /**
   * How many itineraries each value of each filter would leave. Unlike a page this takes a look at all of them, so
   * it is for those who ask.
   */
  countFacets(query: ItineraryQuery, now: EpochMinute): Facets {
    const { airlines } = this.index;
    const counter = new FacetCounter(query, airlines, query.airlines && airlines.setOf(query.airlines));
    // Without any filter, for whoever is left out by one of them may count for another value of it.
    const { source, destination, day, passengers, cabin, brand } = query;
    this.walk({ source, destination, day, passengers, cabin, brand, maxStops: 2 }, now, counter);
    const inOtherCabin = new ItineraryCount();
    this.walk({ ...query, cabin: cabin === 'economy' ? 'business' : 'economy' }, now, inOtherCabin);
    return counter.facets(inOtherCabin);
  }

  /** Shows a visitor every itinerary that a query allows, without an order. */
  walk(query: WalkQuery, now: EpochMinute, visitor: ItineraryVisitor): void {
    if (this.index.mayLeaveOn(query.day))
      new ItineraryWalk(this.index, this.limits, query, now, visitor).run();
  }

  /** When the last itinerary of a query has arrived for certain; before any time if it can have none. */
  latestArrival({ source, day, maxStops }: WalkQuery): EpochMinute {
    if (!this.index.mayLeaveOn(day)) return -Infinity;
    const { end } = reachOfDay(day, this.index.airport(this.index.numberOf(source)).timeZone);
    const longestLayover = Math.max(this.limits.domesticMinutes, this.limits.internationalMinutes);
    return end + (maxStops + 1) * this.index.longestMinutes + maxStops * longestLayover;
  }

  /** Before which minute no itinerary of a query can leave. */
  earliestDeparture({ source, day }: WalkQuery): EpochMinute {
    if (!this.index.mayLeaveOn(day)) return Infinity;
    return reachOfDay(day, this.index.airport(this.index.numberOf(source)).timeZone).begin;
  }

  // Objects are spelt out field by field: with spread they would take longer than the search itself.
  private describe(
    { positions, flightIds, figures, pricePaise, durationMinutes }: Candidate,
    { cabin, brand }: ItineraryQuery,
  ): FoundItinerary {
    const legs: FoundLeg[] = [];
    const layovers: FoundLayover[] = [];
    for (let i = 0; i < positions.length; i += 1) {
      const position = positions[i]!;
      legs.push(this.describeLeg(position, cabin));
      if (i > 0) layovers.push(this.describeLayover(positions[i - 1]!, position));
    }
    return { cabin, brand, legs, layovers, flightIds, figures, pricePaise, durationMinutes };
  }

  private describeLeg({ route, at }: Position, cabin: Cabin): FoundLeg {
    const { columns } = route;
    return {
      flightId: columns.flightId[at]!,
      flightNumber: this.index.labels.textOf(columns.flightNumber[at]!) ?? '',
      source: this.index.airport(route.source).code,
      destination: this.index.airport(route.destination).code,
      departure: columns.departure[at]!,
      arrival: columns.arrival[at]!,
      fare: route.fareAt(at, cabin),
      charges: route.chargesAt(at),
      availableSeats: columns[SEATS_COLUMN[cabin]][at]!,
    };
  }

  private describeLayover(before: Position, after: Position): FoundLayover {
    const terminalChange = changesTerminal(before.route, before.at, after.route, after.at);
    return {
      airport: this.index.airport(after.route.source).code,
      minutes: after.route.columns.departure[after.at]! - before.route.columns.arrival[before.at]!,
      minimumMinutes: minimumConnectionMinutes(before.route.domestic, after.route.domestic, terminalChange),
      terminalChange,
    };
  }
}
