import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { searchAirports } from './airport-directory.js';
import { airportsAnswer, airportsQuery } from './airport.schemas.js';
import { toAirportView } from './airport.view.js';

/** The lookup of airports. */
export class AirportController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/airports',
      operation: 'findAirports',
      summary: 'Look airports up by code, city or name',
      tag: 'Flights',
      auth: 'user',
      input: { query: airportsQuery },
      output: { 200: airportsAnswer },
      handler: async ({ query }) =>
        reply(200, { airports: searchAirports(query.q, query.limit).map(toAirportView) }),
    }),
  ];
}
