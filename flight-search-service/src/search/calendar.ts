import type { EpochDay, EpochMinute } from '../airports/airport-time.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { ItinerarySearch } from './itinerary-search.js';

/** What the cheapest itineraries of a month are looked for by. */
export interface CalendarQuery extends Omit<ItineraryQuery, 'day' | 'sort' | 'limit' | 'after'> {
  readonly days: readonly EpochDay[];
}

/** A day of a calendar. */
export interface CalendarDay {
  readonly day: EpochDay;
  /** The first of that day's search by price; absent where it finds nothing. */
  readonly cheapest: FoundItinerary | undefined;
}

/** The cheapest itinerary of each day: for each the search that its own page would make, for one itinerary. */
export const calendarOf = (
  itineraries: ItinerarySearch,
  { days, ...query }: CalendarQuery,
  now: EpochMinute,
): CalendarDay[] =>
  days.map((day) => ({
    day,
    cheapest: itineraries.find({ ...query, day, sort: 'price', limit: 1 }, now)[0],
  }));
