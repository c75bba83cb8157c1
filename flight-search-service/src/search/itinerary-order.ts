import type { Position } from './path.js';

/** Orders in which itineraries are listed. */
export const SORT_ORDERS = ['price', 'duration', 'departure', 'best'] as const;
/** See {@link SORT_ORDERS}. */
export type SortOrder = (typeof SORT_ORDERS)[number];

/** What changing planes once is worth in the order `best`: 500 rupees, besides its time. Demo figure. */
const STOP_PAISE = 50_000;
/** What a minute on the way is worth in the order `best`: ten rupees. Demo figure. */
const MINUTE_PAISE = 1_000;

/**
 * What the order `best` goes by: the price of an itinerary and that of the time it takes. A stop costs what it adds to
 * the duration, and a little trouble besides.
 */
export const scoreOf = (pricePaise: number, durationMinutes: number, stops: number): number =>
  pricePaise + durationMinutes * MINUTE_PAISE + stops * STOP_PAISE;

/** Three figures by which itineraries are compared, the one that is sorted by first. */
export type Figures = readonly [number, number, number];

/**
 * What decides an itinerary's place: its figures, and the ids of its flights, which make the order total. A place
 * stays the same as long as its own flights do, whatever others do.
 */
export interface ItineraryPlace {
  readonly figures: Figures;
  readonly flightIds: readonly number[];
}

/** An itinerary that may be among the best. */
export interface Candidate extends ItineraryPlace {
  readonly positions: readonly Position[];
  readonly pricePaise: number;
  readonly durationMinutes: number;
}

/** The figures of an itinerary in the order in which they are compared. */
export function figuresFor(
  sort: SortOrder,
  pricePaise: number,
  durationMinutes: number,
  departure: number,
  stops: number,
): Figures {
  switch (sort) {
    case 'price':
      return [pricePaise, durationMinutes, departure];
    case 'duration':
      return [durationMinutes, pricePaise, departure];
    case 'departure':
      return [departure, durationMinutes, pricePaise];
    case 'best':
      return [scoreOf(pricePaise, durationMinutes, stops), durationMinutes, departure];
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
