import { type Page, pageOf } from '@flight-booking/contracts';
import { type EpochMinute, instantOf } from '../airports/airport-time.js';
import type { FoundItinerary, ItineraryQuery } from './itinerary.js';
import type { Concerns, MadeAnswer } from './kept-answer.js';
import { searchKeyOf } from './search-cursor.js';

/** The query of a page with one more than the page holds, to know whether there is a next one. */
export const oneMore = (query: ItineraryQuery): ItineraryQuery => ({ ...query, limit: query.limit + 1 });

/** The page of a query, of what {@link oneMore} found. */
export const toPage = (query: ItineraryQuery, found: readonly FoundItinerary[]): Page<FoundItinerary> =>
  pageOf(found, query.limit, (itinerary) => searchKeyOf(query.sort, itinerary));

/** What customers see, and what ends it. @param departure the first that makes it untrue; `Infinity` when none does */
export const madeAnswer = (view: unknown, concerns: Concerns, departure: EpochMinute): MadeAnswer => ({
  json: JSON.stringify(view),
  concerns,
  departsAtMs: Number.isFinite(departure) ? instantOf(departure).getTime() : Infinity,
});

/** All flights of some itineraries. */
export const flightsOf = (shown: readonly FoundItinerary[]): ReadonlySet<number> =>
  new Set(shown.flatMap((itinerary) => itinerary.flightIds));

/** When the first of some itineraries leaves: no other departure makes an answer untrue that shows just these. */
export const firstDepartureOf = (shown: readonly FoundItinerary[]): EpochMinute =>
  Math.min(...shown.map(({ legs }) => legs[0]?.departure ?? Infinity));
