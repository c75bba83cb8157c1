import type { Cabin } from '@flight-booking/contracts';
import type { EpochMinute } from '../airports/airport-time.js';
import { type LayoverLimits, minimumConnectionMinutes } from './connection-rules.js';
import type { FlightIndex } from './flight-index.js';
import type { FoundItinerary, FoundLayover, FoundLeg, ItineraryQuery } from './itinerary.js';
import { type Candidate, changesTerminal, type Position, SearchRun } from './search-run.js';

/** Finds the best itineraries in a timetable. One search is one synchronous run: the index holds still. */
export class ItinerarySearch {
  constructor(
    private readonly index: FlightIndex,
    private readonly limits: LayoverLimits,
  ) {}

  /** Itineraries whose first flight departs after `now`, in the order asked for. */
  find(query: ItineraryQuery, now: EpochMinute): FoundItinerary[] {
    const run = new SearchRun(this.index, this.limits, query, now);
    return run.find().map((candidate) => this.describe(candidate, query.cabin));
  }

  private describe({ positions, ...candidate }: Candidate, cabin: Cabin): FoundItinerary {
    return {
      ...candidate,
      legs: positions.map((position) => this.describeLeg(position, cabin)),
      layovers: positions.slice(1).map((position, i) => this.describeLayover(positions[i]!, position)),
    };
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
      pricePaise: columns[`${cabin}Price`][at]!,
      availableSeats: columns[`${cabin}Seats`][at]!,
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
