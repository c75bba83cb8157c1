import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { FareChangeService } from './fare-change.service.js';
import type { FareRules } from './fare-rules.js';
import { FaresDoNotFit, FlightCancelled, FlightDeparted, FlightNotFound } from './flight.errors.js';
import { fareChanges, flightAnswer, flightParams, newFares } from './flight.schemas.js';
import { toCabinFare, toFareChangeView, toStoredFlightView } from './flight.view.js';

/** How admins change fares. */
export class FareChangeController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'PUT',
      path: '/api/flights/:id/fares',
      operation: 'setFares',
      summary: 'Change the fares of a flight',
      description:
        'Rupees per passenger before tax, for each cabin of the aircraft; flex follows by its surcharge. Bookings keep ' +
        'the price that they were made at, and whoever was shown the old one is told when booking.',
      tag: 'Flights',
      auth: 'admin',
      input: { params: flightParams, body: newFares },
      output: { 200: flightAnswer },
      problems: [FlightNotFound, FlightCancelled, FlightDeparted, FaresDoNotFit],
      handler: async ({ params, body, principal }) => {
        const { economy, business } = body;
        const fares = { economy: toCabinFare(economy), business: business && toCabinFare(business) };
        const flight = await this.changes.setFares(params.id, fares, principal.userId);
        return reply(200, toStoredFlightView(flight, this.rules));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/flights/:id/fare-changes',
      operation: 'listFareChanges',
      summary: 'What became of the fares of a flight',
      description: 'The last hundred changes, the newest first. Nothing of it is ever changed.',
      tag: 'Flights',
      auth: 'admin',
      input: { params: flightParams },
      output: { 200: fareChanges },
      problems: [FlightNotFound],
      handler: async ({ params }) =>
        reply(200, { fare_changes: (await this.changes.history(params.id)).map(toFareChangeView) }),
    }),
  ];

  constructor(
    private readonly changes: FareChangeService,
    private readonly rules: FareRules,
  ) {}
}
