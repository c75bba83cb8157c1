import type { RouteFlights } from './route-flights.js';

/** A flight by where it lies in the index; valid until the index changes, so within one search only. */
export interface Position {
  readonly route: RouteFlights;
  readonly at: number;
}

/** Terminals differ only where both are known. */
export function changesTerminal(before: RouteFlights, i: number, after: RouteFlights, j: number): boolean {
  const arrival = before.columns.destinationTerminal[i];
  const departure = after.columns.sourceTerminal[j];
  return arrival !== departure && arrival !== 0 && departure !== 0;
}

/**
 * The itinerary that a walk through the index stands at. There is one per walk, written anew for each itinerary,
 * because a walk comes by a hundred thousand of them; whoever keeps one takes its positions.
 */
export class Path {
  private readonly routes: RouteFlights[] = [];
  private readonly places: number[] = [];
  /** How many flights it has. */
  legs = 0;
  /** What one passenger pays for all legs. */
  pricePaise = 0;
  departure = 0;
  arrival = 0;

  /** From the first departure to the last arrival. */
  get durationMinutes(): number {
    return this.arrival - this.departure;
  }

  /** The longest wait between two of its flights; 0 where there is none. */
  longestLayoverMinutes(): number {
    let longest = 0;
    for (let leg = 1; leg < this.legs; leg += 1) {
      const departure = this.route(leg).columns.departure[this.place(leg)]!;
      longest = Math.max(longest, departure - this.route(leg - 1).columns.arrival[this.place(leg - 1)]!);
    }
    return longest;
  }

  /** The number of the airline that flies all its legs, if one does. */
  soleAirline(): number | undefined {
    const airline = this.airline(0);
    for (let leg = 1; leg < this.legs; leg += 1) if (this.airline(leg) !== airline) return undefined;
    return airline;
  }

  /** Whether each of its legs is flown by an airline whose number has a 1. */
  isFlownBy(airlines: Uint8Array): boolean {
    for (let leg = 0; leg < this.legs; leg += 1) if (airlines[this.airline(leg)] !== 1) return false;
    return true;
  }

  /** Puts a flight in the place of a leg, the first being 0. */
  setLeg(leg: number, route: RouteFlights, at: number): void {
    this.routes[leg] = route;
    this.places[leg] = at;
  }

  /** Its flights, to keep. */
  positions(): Position[] {
    const positions: Position[] = [];
    for (let leg = 0; leg < this.legs; leg += 1) {
      positions.push({ route: this.route(leg), at: this.place(leg) });
    }
    return positions;
  }

  /** The ids of its flights, to keep. */
  flightIds(): number[] {
    const ids: number[] = [];
    for (let leg = 0; leg < this.legs; leg += 1) {
      ids.push(this.route(leg).columns.flightId[this.place(leg)]!);
    }
    return ids;
  }

  private route(leg: number): RouteFlights {
    return this.routes[leg]!;
  }

  private place(leg: number): number {
    return this.places[leg]!;
  }

  private airline(leg: number): number {
    return this.route(leg).columns.airline[this.place(leg)]!;
  }
}
