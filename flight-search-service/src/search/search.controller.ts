import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { searchAnswer, searchQuery, type SearchAnswer } from './search.schemas.js';
import type { SearchService } from './search.service.js';

/** The search for itineraries. */
export class SearchController implements RouteSource {
  constructor(private readonly searches: SearchService) {}

  get routes(): readonly Route[] {
    return [
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
        handler: async ({ query }) => reply(200, storedAnswer(await this.searches.search(query))),
      }),
    ];
  }
}

/** The app sends bytes as they are: a cached answer is never parsed to be written again. */
const storedAnswer = (json: Buffer): SearchAnswer => json as unknown as SearchAnswer;
