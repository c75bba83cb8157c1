/** Orders in which itineraries are listed. */
export type SortOrder = 'price' | 'duration' | 'departure';

/**
 * What decides an itinerary's place: three figures, the one that is sorted by first, and the ids of its flights,
 * which make the order total. A place stays the same as long as its own flights do, whatever others do.
 */
export interface ItineraryPlace {
  readonly figures: readonly [number, number, number];
  readonly flightIds: readonly number[];
}

/** The figures of an itinerary, or a bound below them, in the order in which they are compared. */
export function figuresFor(
  sort: SortOrder,
  pricePaise: number,
  durationMinutes: number,
  departure: number,
): [number, number, number] {
  switch (sort) {
    case 'price':
      return [pricePaise, durationMinutes, departure];
    case 'duration':
      return [durationMinutes, pricePaise, departure];
    case 'departure':
      return [departure, durationMinutes, pricePaise];
  }
}

/** Negative when the first place comes before the second. */
export function comparePlaces(a: ItineraryPlace, b: ItineraryPlace): number {
  for (let i = 0; i < 3; i += 1) {
    const difference = a.figures[i]! - b.figures[i]!;
    if (difference !== 0) return difference;
  }
  const shared = Math.min(a.flightIds.length, b.flightIds.length);
  for (let i = 0; i < shared; i += 1) {
    const difference = a.flightIds[i]! - b.flightIds[i]!;
    if (difference !== 0) return difference;
  }
  return a.flightIds.length - b.flightIds.length;
}

/** The best so many of the candidates that come after a place. */
export class BestItineraries<Candidate extends ItineraryPlace> {
  private readonly kept: Candidate[] = [];

  constructor(
    private readonly sort: SortOrder,
    private readonly capacity: number,
    private readonly after: ItineraryPlace | undefined,
  ) {}

  /** The candidates that were kept, best first. */
  get list(): readonly Candidate[] {
    return this.kept;
  }

  /** Whether an itinerary whose figures are at least these could still be among the best. */
  mayAdmit(pricePaise: number, durationMinutes: number, departure: number): boolean {
    const worst = this.kept.length < this.capacity ? undefined : this.kept[this.capacity - 1];
    if (worst === undefined) return true;
    const { figures } = worst;
    // Spelt out rather than through figuresFor: this runs for every pair of routes, and must not allocate.
    if (this.sort === 'price') return notAfter(pricePaise, durationMinutes, departure, figures);
    if (this.sort === 'duration') return notAfter(durationMinutes, pricePaise, departure, figures);
    return notAfter(departure, durationMinutes, pricePaise, figures);
  }

  /** Keeps a candidate if it is among the best so far. */
  offer(candidate: Candidate): void {
    if (this.after !== undefined && comparePlaces(candidate, this.after) <= 0) return;
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePlaces(this.kept[middle]!, candidate) < 0) low = middle + 1;
      else high = middle;
    }
    if (low >= this.capacity) return;
    this.kept.splice(low, 0, candidate);
    if (this.kept.length > this.capacity) this.kept.pop();
  }
}

function notAfter(
  first: number,
  second: number,
  third: number,
  figures: readonly [number, number, number],
): boolean {
  if (first !== figures[0]) return first < figures[0];
  if (second !== figures[1]) return second < figures[1];
  return third <= figures[2];
}
