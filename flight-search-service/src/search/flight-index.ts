import { type Airport, isDomestic } from '../airports/airport.js';
import type { EpochDay, EpochMinute } from '../airports/airport-time.js';
import { Labels } from './labels.js';
import { type IndexedFlight, RouteFlights } from './route-flights.js';

/** The timetable in memory: the flights of every pair of airports, ordered by departure. */
export class FlightIndex {
  readonly labels = new Labels();
  /** Designators of airlines. A column holds their numbers in a byte. */
  readonly airlines = new Labels();
  /** Never below the duration of a flight that is here, in minutes. */
  longestMinutes = 0;
  private firstDay: EpochDay = Infinity;
  private lastDay: EpochDay = -Infinity;
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly routes: (RouteFlights | undefined)[];
  private readonly departing: RouteFlights[][];
  private readonly arriving: RouteFlights[][];

  constructor(private readonly airports: readonly Airport[]) {
    this.numbers = new Map(airports.map((airport, number) => [airport.code, number]));
    this.routes = Array.from({ length: airports.length ** 2 });
    this.departing = airports.map(() => []);
    this.arriving = airports.map(() => []);
  }

  /** Adds a flight, or replaces what was known of it. A flight never changes its source or destination. */
  put(flight: IndexedFlight): void {
    const source = this.numberOf(flight.source);
    const destination = this.numberOf(flight.destination);
    const place = source * this.airports.length + destination;
    let route = this.routes[place];
    if (route === undefined) {
      const domestic = isDomestic(this.airport(source), this.airport(destination));
      route = new RouteFlights(source, destination, domestic, this.labels, this.airlines);
      this.routes[place] = route;
      this.departing[source]?.push(route);
      this.arriving[destination]?.push(route);
    }
    this.firstDay = Math.min(this.firstDay, flight.departureDay);
    this.lastDay = Math.max(this.lastDay, flight.departureDay);
    this.longestMinutes = Math.max(this.longestMinutes, flight.arrival - flight.departure);
    route.put(flight);
  }

  /** What is known of a flight. */
  get({
    flightId,
    source,
    destination,
  }: Pick<IndexedFlight, 'flightId' | 'source' | 'destination'>): IndexedFlight | undefined {
    const known = this.route(this.numberOf(source), this.numberOf(destination))?.get(flightId);
    return known === undefined ? undefined : { ...known, source, destination };
  }

  /** Forgets flights that departed before a minute. */
  dropBefore(minute: EpochMinute): void {
    for (const routes of this.departing) for (const route of routes) route.dropBefore(minute);
  }

  /** Whether any flight it ever held left on a day; a search of another day need not begin. */
  mayLeaveOn(day: EpochDay): boolean {
    return day >= this.firstDay && day <= this.lastDay;
  }

  /** How many flights it holds. */
  get size(): number {
    return this.departing.flat().reduce((sum, route) => sum + route.length, 0);
  }

  /** The number under which routes name an airport. @throws RangeError for an airport it was not made with */
  numberOf(code: string): number {
    const number = this.numbers.get(code);
    if (number === undefined) throw new RangeError(`The index has no airport ${code}.`);
    return number;
  }

  /** The airport of a number. */
  airport(number: number): Airport {
    return this.airports[number] as Airport;
  }

  /** Flights from one airport to another. */
  route(source: number, destination: number): RouteFlights | undefined {
    return this.routes[source * this.airports.length + destination];
  }

  /** Routes that begin at an airport. */
  routesFrom(source: number): readonly RouteFlights[] {
    return this.departing[source] as readonly RouteFlights[];
  }

  /** Routes that end at an airport. */
  routesTo(destination: number): readonly RouteFlights[] {
    return this.arriving[destination] as readonly RouteFlights[];
  }
}
