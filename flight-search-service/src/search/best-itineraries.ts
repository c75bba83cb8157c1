import {
  type Candidate,
  comparePlaces,
  type Figures,
  figuresFor,
  type ItineraryPlace,
  scoreOf,
  type SortOrder,
} from './itinerary-order.js';
import type { ItineraryVisitor } from './itinerary-walk.js';
import type { Path } from './path.js';

/** Keeps the best so many of the itineraries that come after a place. */
export class BestItineraries implements ItineraryVisitor {
  private readonly kept: Candidate[] = [];
  /** The figures that an itinerary must not be worse than to be kept. */
  private worst: Figures = [Infinity, Infinity, Infinity];

  constructor(
    private readonly sort: SortOrder,
    private readonly capacity: number,
    private readonly after: ItineraryPlace | undefined,
  ) {}

  /** The itineraries that were kept, best first. */
  get list(): readonly Candidate[] {
    return this.kept;
  }

  mayAdmit(pricePaise: number, durationMinutes: number, departure: number, stops: number): boolean {
    const { worst, sort } = this;
    // Spelt out rather than through figuresFor: this runs for every pair of routes, and must not allocate.
    if (sort === 'price') return notAfter(pricePaise, durationMinutes, departure, worst);
    if (sort === 'duration') return notAfter(durationMinutes, pricePaise, departure, worst);
    if (sort === 'departure') return notAfter(departure, durationMinutes, pricePaise, worst);
    return notAfter(scoreOf(pricePaise, durationMinutes, stops), durationMinutes, departure, worst);
  }

  visit(path: Path): void {
    const { kept, capacity, after } = this;
    const { pricePaise, durationMinutes, departure } = path;
    const figures = figuresFor(this.sort, pricePaise, durationMinutes, departure, path.legs - 1);
    // Deep in a list nearly everything belongs to an earlier page, and its ids need not be gathered to see it.
    if (after !== undefined && isBefore(figures, after.figures)) return;
    const flightIds = path.flightIds();
    const candidate = { figures, flightIds, positions: path.positions(), pricePaise, durationMinutes };
    if (after !== undefined && comparePlaces(candidate, after) <= 0) return;
    let at = kept.length < capacity ? kept.length : capacity - 1;
    if (at < kept.length && comparePlaces(kept[at]!, candidate) < 0) return;
    for (; at > 0 && comparePlaces(kept[at - 1]!, candidate) > 0; at -= 1) kept[at] = kept[at - 1]!;
    kept[at] = candidate;
    if (kept.length === capacity) this.worst = kept[capacity - 1]!.figures;
  }
}

function notAfter(first: number, second: number, third: number, figures: Figures): boolean {
  if (first !== figures[0]) return first < figures[0];
  if (second !== figures[1]) return second < figures[1];
  return third <= figures[2];
}

const isBefore = (a: Figures, b: Figures): boolean => !notAfter(b[0], b[1], b[2], a);
