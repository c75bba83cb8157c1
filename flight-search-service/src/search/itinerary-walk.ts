import type { Cabin, FareBrand } from '@flight-booking/contracts';
import type { EpochMinute } from '../airports/airport-time.js';
import { type LayoverLimits, maximumLayoverMinutes, minimumConnectionMinutes } from './connection-rules.js';
import type { FlightIndex } from './flight-index.js';
import type { ItineraryQuery } from './itinerary.js';
import { isWithin } from './itinerary-filters.js';
import { changesTerminal, Path } from './path.js';
import { PRICE_COLUMN, type RouteFlights, SEATS_COLUMN } from './route-flights.js';
import { reachOfDay, ZoneClock } from './zone-clock.js';

/** Whoever a walk shows itineraries to. */
export interface ItineraryVisitor {
  /**
   * Whether an itinerary with these figures could still be of interest. Once it is not, none with more of any of
   * them may be, for then the walk leaves out all that follow.
   */
  mayAdmit(pricePaise: number, durationMinutes: number, departure: EpochMinute, stops: number): boolean;
  /** @param path valid during the call only */
  visit(path: Path): void;
}

/** What of a query decides which itineraries there are. */
export type WalkQuery = Omit<ItineraryQuery, 'sort' | 'limit' | 'after'>;

/** The flights of a route that leave on the day of the search, with bounds for all of them. */
interface FirstFlights {
  readonly route: RouteFlights;
  /** Where they lie on the route; at least one. */
  readonly places: readonly number[];
  readonly lowestPrice: number;
  readonly shortestMinutes: number;
  readonly earliest: EpochMinute;
}

/** What the rules say of the connections between two routes, in minutes from the arrival. */
interface Junction {
  readonly least: number;
  readonly leastWithTerminalChange: number;
  readonly longest: number;
}

/**
 * One walk through every itinerary that a query allows, as far as the visitor cares. Itineraries of fewer legs go
 * first: a visitor that looks for the best soon knows what is good enough, and from then on most pairs of routes
 * are left out by their lowest prices and shortest durations, without a look at their flights. Onward flights are
 * gone through by departure, so the first that is too late to be of interest ends its list.
 */
export class ItineraryWalk {
  private readonly path = new Path();
  private readonly source: number;
  private readonly destination: number;
  private readonly priceColumn: (typeof PRICE_COLUMN)[FareBrand][Cabin];
  private readonly seatsColumn: (typeof SEATS_COLUMN)[Cabin];
  private readonly airlines: Uint8Array | undefined;
  private readonly maxPricePaise: number;
  private readonly arrivesBy: EpochMinute;
  private readonly sourceClock: ZoneClock;
  private readonly destinationClock: ZoneClock;

  constructor(
    private readonly index: FlightIndex,
    private readonly limits: LayoverLimits,
    private readonly query: WalkQuery,
    private readonly now: EpochMinute,
    private readonly visitor: ItineraryVisitor,
  ) {
    this.source = index.numberOf(query.source);
    this.destination = index.numberOf(query.destination);
    this.priceColumn = PRICE_COLUMN[query.brand][query.cabin];
    this.seatsColumn = SEATS_COLUMN[query.cabin];
    this.airlines = query.airlines && index.airlines.setOf(query.airlines);
    this.maxPricePaise = query.maxPricePaise ?? Infinity;
    this.arrivesBy = query.arrivesBy ?? Infinity;
    this.sourceClock = new ZoneClock(index.airport(this.source).timeZone);
    this.destinationClock = new ZoneClock(index.airport(this.destination).timeZone);
  }

  run(): void {
    const { maxStops } = this.query;
    const direct = this.index.route(this.source, this.destination);
    const routes = maxStops > 0 ? this.index.routesFrom(this.source) : direct === undefined ? [] : [direct];
    const firsts = this.firstFlights(routes);
    for (const first of firsts) if (first.route === direct) this.flyDirect(first);
    if (maxStops >= 1) for (const first of firsts) this.connectOnce(first);
    if (maxStops >= 2) for (const first of firsts) this.connectTwice(first);
  }

  private firstFlights(routes: readonly RouteFlights[]): FirstFlights[] {
    const { begin, end } = reachOfDay(this.query.day, this.index.airport(this.source).timeZone);
    const from = Math.max(begin, this.now + 1, this.query.departsFrom ?? -Infinity);
    const found: FirstFlights[] = [];
    for (const route of routes) {
      const first = this.firstFlightsOf(route, from, end);
      if (first !== undefined) found.push(first);
    }
    return found;
  }

  private firstFlightsOf(
    route: RouteFlights,
    begin: EpochMinute,
    end: EpochMinute,
  ): FirstFlights | undefined {
    const { departure, arrival, departureDay } = route.columns;
    const price = route.columns[this.priceColumn];
    const { sourceClock } = this;
    const { departureWindow } = this.query;
    const places: number[] = [];
    let lowestPrice = Infinity;
    let shortestMinutes = Infinity;
    for (let i = route.firstFrom(begin); i < route.length && departure[i]! < end; i += 1) {
      if (departureDay[i] !== this.query.day || !this.isOffered(route, i)) continue;
      if (departureWindow && !isWithin(departureWindow, sourceClock.minuteOfDay(departure[i]!))) continue;
      places.push(i);
      lowestPrice = Math.min(lowestPrice, price[i]!);
      shortestMinutes = Math.min(shortestMinutes, arrival[i]! - departure[i]!);
    }
    if (places.length === 0) return undefined;
    return { route, places, lowestPrice, shortestMinutes, earliest: departure[places[0]!]! };
  }

  private flyDirect({ route, places }: FirstFlights): void {
    const { path } = this;
    for (const i of places) {
      this.begin(route, i);
      path.legs = 1;
      path.arrival = route.columns.arrival[i]!;
      this.show(path);
    }
  }

  private connectOnce(first: FirstFlights): void {
    const { route } = first;
    const second = this.index.route(route.destination, this.destination);
    if (second === undefined) return;
    const junction = this.junctionOf(route, second);
    if (!this.mayConnect(first, this.lowestPrice(second), junction.least + second.shortestMinutes, 1)) return;
    let near: number | undefined;
    for (const i of first.places) {
      this.begin(route, i);
      near = this.end(1, route, i, junction, second, near);
    }
  }

  private connectTwice(first: FirstFlights): void {
    const { route } = first;
    if (route.destination === this.destination) return;
    for (const third of this.index.routesTo(this.destination)) {
      if (third.source === this.source) continue;
      const second = this.index.route(route.destination, third.source);
      if (second !== undefined) this.connectThrough(first, second, third);
    }
  }

  private connectThrough(first: FirstFlights, second: RouteFlights, third: RouteFlights): void {
    const { path } = this;
    const { route } = first;
    const junction = this.junctionOf(route, second);
    const onward = this.junctionOf(second, third);
    const onwardPrice = this.lowestPrice(second) + this.lowestPrice(third);
    const onwardMinutes = second.shortestMinutes + onward.least + third.shortestMinutes;
    if (!this.mayConnect(first, onwardPrice, junction.least + onwardMinutes, 2)) return;
    const { departure } = second.columns;
    const price = second.columns[this.priceColumn];
    let nearSecond: number | undefined;
    let nearThird: number | undefined;
    for (const i of first.places) {
      this.begin(route, i);
      const { pricePaise } = path;
      const arrival = route.columns.arrival[i]!;
      nearSecond = second.firstFrom(arrival + junction.least, nearSecond);
      for (let j = nearSecond; j < second.length && departure[j]! <= arrival + junction.longest; j += 1) {
        const leastMinutes = departure[j]! + onwardMinutes - path.departure;
        if (!this.mayAdmit(pricePaise + onwardPrice, leastMinutes, path.departure, 2)) break;
        if (!this.isOffered(second, j) || isMissed(route, i, junction, second, j)) continue;
        path.setLeg(1, second, j);
        path.pricePaise = pricePaise + price[j]!;
        nearThird = this.end(2, second, j, onward, third, nearThird);
      }
    }
  }

  private begin(route: RouteFlights, i: number): void {
    const { path } = this;
    path.setLeg(0, route, i);
    path.pricePaise = route.columns[this.priceColumn][i]!;
    path.departure = route.columns.departure[i]!;
  }

  /**
   * Goes through the flights that can be the last leg after another flight.
   * @param near about where the first of them lies, if that is known
   * @returns where it does lie
   */
  private end(
    leg: 1 | 2,
    before: RouteFlights,
    i: number,
    junction: Junction,
    last: RouteFlights,
    near: number | undefined,
  ): number {
    const { path } = this;
    const { pricePaise } = path;
    const { departure, arrival } = last.columns;
    const price = last.columns[this.priceColumn];
    const arrivalBefore = before.columns.arrival[i]!;
    const lowestPrice = pricePaise + this.lowestPrice(last);
    const first = last.firstFrom(arrivalBefore + junction.least, near);
    path.legs = leg + 1;
    for (let j = first; j < last.length && departure[j]! <= arrivalBefore + junction.longest; j += 1) {
      const leastMinutes = departure[j]! + last.shortestMinutes - path.departure;
      if (!this.mayAdmit(lowestPrice, leastMinutes, path.departure, leg)) break;
      if (!this.isOffered(last, j) || isMissed(before, i, junction, last, j)) continue;
      path.setLeg(leg, last, j);
      path.pricePaise = pricePaise + price[j]!;
      path.arrival = arrival[j]!;
      this.show(path);
    }
    return first;
  }

  private mayConnect(first: FirstFlights, onwardPrice: number, onwardMinutes: number, stops: 1 | 2): boolean {
    const { lowestPrice, shortestMinutes, earliest } = first;
    return this.mayAdmit(lowestPrice + onwardPrice, shortestMinutes + onwardMinutes, earliest, stops);
  }

  /** Whether an itinerary with at least these figures may pass what only a whole itinerary can, and be of interest. */
  private mayAdmit(pricePaise: number, minutes: number, departure: EpochMinute, stops: number): boolean {
    if (pricePaise > this.maxPricePaise || departure + minutes > this.arrivesBy) return false;
    return this.visitor.mayAdmit(pricePaise, minutes, departure, stops);
  }

  private show(path: Path): void {
    if (!this.mayAdmit(path.pricePaise, path.durationMinutes, path.departure, path.legs - 1)) return;
    const { arrivalWindow } = this.query;
    if (arrivalWindow && !isWithin(arrivalWindow, this.destinationClock.minuteOfDay(path.arrival))) return;
    this.visitor.visit(path);
  }

  private lowestPrice(route: RouteFlights): number {
    return route.lowestPrice[this.query.cabin];
  }

  /** Whether a flight has seats for everybody and one of the airlines asked for flies it. */
  private isOffered(route: RouteFlights, at: number): boolean {
    const { columns } = route;
    if (this.airlines !== undefined && this.airlines[columns.airline[at]!] !== 1) return false;
    return columns[this.seatsColumn][at]! >= this.query.passengers && columns[this.priceColumn][at]! > 0;
  }

  private junctionOf(before: RouteFlights, after: RouteFlights): Junction {
    return {
      least: minimumConnectionMinutes(before.domestic, after.domestic, false),
      leastWithTerminalChange: minimumConnectionMinutes(before.domestic, after.domestic, true),
      longest: Math.min(
        maximumLayoverMinutes(before.domestic, after.domestic, this.limits),
        this.query.maxLayoverMinutes ?? Infinity,
      ),
    };
  }
}

/** Whether passengers who also change terminals would come too late. */
function isMissed(
  before: RouteFlights,
  i: number,
  { leastWithTerminalChange }: Junction,
  after: RouteFlights,
  j: number,
): boolean {
  const minutes = after.columns.departure[j]! - before.columns.arrival[i]!;
  return minutes < leastWithTerminalChange && changesTerminal(before, i, after, j);
}
