import { type EpochMinute, offsetMinutes } from '../airports/airport-time.js';
import {
  type LayoverLimits,
  MINIMUM_CONNECTION_MINUTES,
  maximumLayoverMinutes,
  minimumConnectionMinutes,
} from './connection-rules.js';
import type { FlightIndex } from './flight-index.js';
import type { ItineraryQuery } from './itinerary.js';
import { BestItineraries, figuresFor, type ItineraryPlace } from './itinerary-order.js';
import type { RouteFlights } from './route-flights.js';

/** A flight by where it lies in the index; valid until the index changes, so within one search only. */
export interface Position {
  readonly route: RouteFlights;
  readonly at: number;
}

/** An itinerary that may be among the best. */
export interface Candidate extends ItineraryPlace {
  readonly positions: readonly Position[];
  readonly pricePaise: number;
  readonly durationMinutes: number;
}

const MINUTES_PER_DAY = 24 * 60;
/** Clocks change by no more than this, and the date is checked flight by flight anyway. */
const CLOCK_CHANGE_MINUTES = 120;
const SHORTEST_CONNECTION = MINIMUM_CONNECTION_MINUTES.domestic;

/** Terminals differ only where both are known. */
export function changesTerminal(before: RouteFlights, i: number, after: RouteFlights, j: number): boolean {
  const arrival = before.columns.destinationTerminal[i];
  const departure = after.columns.sourceTerminal[j];
  return arrival !== departure && arrival !== 0 && departure !== 0;
}

/**
 * One search. Itineraries of fewer legs go first: they fill the list of the best, whose worst then rules out most pairs of
 * routes by the lowest price or the shortest duration of either, without a look at their flights.
 */
export class SearchRun {
  private readonly best: BestItineraries<Candidate>;
  private readonly source: number;
  private readonly destination: number;
  private readonly priceColumn: 'economyPrice' | 'businessPrice';
  private readonly seatsColumn: 'economySeats' | 'businessSeats';

  constructor(
    private readonly index: FlightIndex,
    private readonly limits: LayoverLimits,
    private readonly query: ItineraryQuery,
    private readonly now: EpochMinute,
  ) {
    this.best = new BestItineraries(query.sort, query.limit, query.after);
    this.source = index.numberOf(query.source);
    this.destination = index.numberOf(query.destination);
    this.priceColumn = `${query.cabin}Price`;
    this.seatsColumn = `${query.cabin}Seats`;
  }

  find(): readonly Candidate[] {
    const direct = this.index.route(this.source, this.destination);
    if (direct !== undefined) this.eachFirst(direct, (i) => this.offer([{ route: direct, at: i }]));
    if (this.query.maxStops >= 1) this.findOneStop();
    if (this.query.maxStops >= 2) this.findTwoStops();
    return this.best.list;
  }

  private findOneStop(): void {
    for (const first of this.index.routesFrom(this.source)) {
      const second = this.index.route(first.destination, this.destination);
      if (second !== undefined && this.mayAdmit(first, second)) this.connectTwo(first, second);
    }
  }

  private findTwoStops(): void {
    for (const first of this.index.routesFrom(this.source)) {
      if (first.destination === this.destination) continue;
      for (const third of this.index.routesTo(this.destination)) {
        if (third.source === this.source) continue;
        const second = this.index.route(first.destination, third.source);
        if (second !== undefined && this.mayAdmit(first, second, third))
          this.connectThree(first, second, third);
      }
    }
  }

  private connectTwo(first: RouteFlights, second: RouteFlights): void {
    this.eachFirst(first, (i) => {
      if (!this.mayFollow(first, i, second)) return;
      this.eachConnection(first, i, second, (j) =>
        this.offer([
          { route: first, at: i },
          { route: second, at: j },
        ]),
      );
    });
  }

  private connectThree(first: RouteFlights, second: RouteFlights, third: RouteFlights): void {
    this.eachFirst(first, (i) => {
      if (!this.mayFollow(first, i, second, third)) return;
      this.eachConnection(first, i, second, (j) => {
        if (!this.mayEnd(first, i, second, j, third)) return;
        this.eachConnection(second, j, third, (k) =>
          this.offer([
            { route: first, at: i },
            { route: second, at: j },
            { route: third, at: k },
          ]),
        );
      });
    });
  }

  /** Every flight of a route that can begin the itinerary. */
  private eachFirst(route: RouteFlights, visit: (at: number) => void): void {
    const { day } = this.query;
    const midnight = day * MINUTES_PER_DAY;
    const zone = this.index.airport(this.source).timeZone;
    const begin = midnight - offsetMinutes(zone, midnight) - CLOCK_CHANGE_MINUTES;
    const end = begin + MINUTES_PER_DAY + 2 * CLOCK_CHANGE_MINUTES;
    const { departure, departureDay } = route.columns;
    for (let i = route.firstFrom(Math.max(begin, this.now + 1)); i < route.length; i += 1) {
      if (departure[i]! >= end) return;
      if (departureDay[i] === day && this.isOnSale(route, i)) visit(i);
    }
  }

  /** Every flight of a route that a passenger can catch, and not wait too long for, after another. */
  private eachConnection(
    before: RouteFlights,
    i: number,
    after: RouteFlights,
    visit: (at: number) => void,
  ): void {
    const arrival = before.columns.arrival[i]!;
    const least = minimumConnectionMinutes(before.domestic, after.domestic, false);
    const leastWithChange = minimumConnectionMinutes(before.domestic, after.domestic, true);
    const latest = arrival + maximumLayoverMinutes(before.domestic, after.domestic, this.limits);
    const { departure } = after.columns;
    for (let j = after.firstFrom(arrival + least); j < after.length; j += 1) {
      if (departure[j]! > latest) return;
      const tooShort = departure[j]! < arrival + leastWithChange && changesTerminal(before, i, after, j);
      if (!tooShort && this.isOnSale(after, j)) visit(j);
    }
  }

  private isOnSale(route: RouteFlights, at: number): boolean {
    const { columns } = route;
    return columns[this.seatsColumn][at]! >= this.query.passengers && columns[this.priceColumn][at]! > 0;
  }

  private mayAdmit(first: RouteFlights, second: RouteFlights, third?: RouteFlights): boolean {
    return this.best.mayAdmit(
      first.lowestPrice[this.query.cabin] + this.lowestPrice(second, third),
      first.shortestMinutes + this.shortestMinutes(second, third),
      0,
    );
  }

  private mayFollow(first: RouteFlights, i: number, second: RouteFlights, third?: RouteFlights): boolean {
    const { departure, arrival } = first.columns;
    return this.best.mayAdmit(
      first.columns[this.priceColumn][i]! + this.lowestPrice(second, third),
      arrival[i]! - departure[i]! + this.shortestMinutes(second, third),
      departure[i]!,
    );
  }

  private mayEnd(
    first: RouteFlights,
    i: number,
    second: RouteFlights,
    j: number,
    third: RouteFlights,
  ): boolean {
    const departure = first.columns.departure[i]!;
    return this.best.mayAdmit(
      first.columns[this.priceColumn][i]! +
        second.columns[this.priceColumn][j]! +
        third.lowestPrice[this.query.cabin],
      second.columns.arrival[j]! - departure + SHORTEST_CONNECTION + third.shortestMinutes,
      departure,
    );
  }

  private lowestPrice(second: RouteFlights, third: RouteFlights | undefined): number {
    return second.lowestPrice[this.query.cabin] + (third?.lowestPrice[this.query.cabin] ?? 0);
  }

  private shortestMinutes(second: RouteFlights, third: RouteFlights | undefined): number {
    const minutes = SHORTEST_CONNECTION + second.shortestMinutes;
    return third === undefined ? minutes : minutes + SHORTEST_CONNECTION + third.shortestMinutes;
  }

  private offer(positions: readonly Position[]): void {
    const first = positions[0]!;
    const last = positions[positions.length - 1]!;
    const departure = first.route.columns.departure[first.at]!;
    const durationMinutes = last.route.columns.arrival[last.at]! - departure;
    let pricePaise = 0;
    const flightIds: number[] = [];
    for (const { route, at } of positions) {
      pricePaise += route.columns[this.priceColumn][at]!;
      flightIds.push(route.columns.flightId[at]!);
    }
    if (!this.best.mayAdmit(pricePaise, durationMinutes, departure)) return;
    const figures = figuresFor(this.query.sort, pricePaise, durationMinutes, departure);
    this.best.offer({ positions, pricePaise, durationMinutes, figures, flightIds });
  }
}
