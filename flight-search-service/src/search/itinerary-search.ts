import type { Cabin } from '@flight-booking/contracts';
import type { EpochMinute } from '../airports/airport-time.js';
import { type LayoverLimits, minimumConnectionMinutes } from './connection-rules.js';
import { BestItineraries } from './best-itineraries.js';
import type { FlightIndex } from './flight-index.js';
import type { FoundItinerary, FoundLayover, FoundLeg, ItineraryQuery } from './itinerary.js';
import type { Candidate } from './itinerary-order.js';
import { ItineraryWalk } from './itinerary-walk.js';
import { changesTerminal, type Position } from './path.js';
import { SEATS_COLUMN } from './route-flights.js';

/** Finds the best itineraries in a timetable. One search is one synchronous run: the index holds still. */
export class ItinerarySearch {
  constructor(
    private readonly index: FlightIndex,
    private readonly limits: LayoverLimits,
  ) {}

  /** Itineraries whose first flight departs after `now`, in the order asked for. */
  find(query: ItineraryQuery, now: EpochMinute): FoundItinerary[] {
    const best = new BestItineraries(query.sort, query.limit, query.after);
    new ItineraryWalk(this.index, this.limits, query, now, best).run();
    return best.list.map((candidate) => this.describe(candidate, query));
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
