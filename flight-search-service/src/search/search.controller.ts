import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { calendarAnswer, calendarQuery } from './calendar.schemas.js';
import { toCalendarQuery } from './calendar.view.js';
import { roundTripAnswer } from './round-trip.schemas.js';
import { toRoundTripQuery } from './round-trip.view.js';
import { searchAnswer, type SearchQuery, searchQuery } from './search.schemas.js';
import type { SearchService } from './search.service.js';
import { toItineraryQuery } from './search.view.js';
import type { WideSearchService } from './wide-search.service.js';

/** The search for itineraries. */
export class SearchController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/flights/search',
      operation: 'searchFlights',
      summary: 'Find flights and connections',
      description:
        'Itineraries that leave on a date, by the clocks of the source, with enough free seats in the cabin on ' +
        'every leg. Prices are for one passenger, taxes and fees included. `next_cursor` gives the next page. With a ' +
        '`return_date` both directions are searched by the same filters: every itinerary leaves time for some other one ' +
        'of the other direction, and each list has its own cursor.',
      tag: 'Flights',
      auth: 'user',
      input: { query: searchQuery },
      output: { 200: z.union([searchAnswer, roundTripAnswer]) },
      atHand: (queryString) => this.searches.atHand(queryString),
      handler: async ({ query, queryString }) => reply(200, await this.search(query, queryString)),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/flights/calendar',
      operation: 'searchMonth',
      summary: 'Find the cheapest day of a month',
      description:
        'For each day the price of the first itinerary that a search of that day by price would find.',
      tag: 'Flights',
      auth: 'user',
      input: { query: calendarQuery },
      output: { 200: calendarAnswer },
      handler: async ({ query }) => reply(200, await this.wideSearches.calendar(toCalendarQuery(query))),
    }),
  ];

  constructor(
    private readonly searches: SearchService,
    private readonly wideSearches: WideSearchService,
  ) {}

  private search(query: SearchQuery, queryString: string): Promise<Buffer> {
    if (query.return_date !== undefined)
      return this.wideSearches.roundTrip(toRoundTripQuery(query, query.return_date), queryString);
    const wanted = toItineraryQuery(query);
    return query.facets
      ? this.wideSearches.withFacets(wanted, queryString)
      : this.searches.search(wanted, queryString);
  }
}
