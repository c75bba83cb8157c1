import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { searchAirports } from './airport-directory.js';
import { airportsAnswer, airportsQuery } from './airport.schemas.js';

/** The lookup of airports. */
export class AirportController implements RouteSource {
  get routes(): readonly Route[] {
    return [
      defineRoute({
        method: 'GET',
        path: '/api/airports',
        operation: 'findAirports',
        summary: 'Look airports up by code, city or name',
        tag: 'Flights',
        auth: 'user',
        input: { query: airportsQuery },
        output: { 200: airportsAnswer },
        handler: async ({ query }) => {
          const airports = searchAirports(query.q, query.limit).map((airport) => ({
            code: airport.code,
            name: airport.name,
            city: airport.city,
            country: airport.country,
            time_zone: airport.timeZone,
          }));
          return reply(200, { airports });
        },
      }),
    ];
  }
}
