import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { searchAnswer, searchQuery } from './search.schemas.js';
import type { SearchService } from './search.service.js';
import { toItineraryQuery } from './search.view.js';

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
        'every leg. Prices are for one passenger, taxes and fees included. `next_cursor` gives the next page.',
      tag: 'Flights',
      auth: 'user',
      input: { query: searchQuery },
      output: { 200: searchAnswer },
      atHand: (queryString) => this.searches.atHand(queryString),
      handler: async ({ query, queryString }) =>
        reply(200, await this.searches.search(toItineraryQuery(query), queryString)),
    }),
  ];

  constructor(private readonly searches: SearchService) {}
}
