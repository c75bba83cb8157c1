import { flightDetails, serviceName } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { FareRules } from './fare-rules.js';
import { DepartureNotOnSale, FlightDeparted, FlightExists, FlightNotFound } from './flight.errors.js';
import {
  cancelRequest,
  flightAnswer,
  flightParams,
  flightsQuery,
  newFlightRequest,
} from './flight.schemas.js';
import type { FlightService } from './flight.service.js';
import { toFlightDetailView, toFlightView, toNewFlight, toStoredFlightView } from './flight.view.js';

/** Single flights, for customers, admins and the other services. */
export class FlightController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/flights/:id',
      operation: 'getFlight',
      summary: 'One flight with its live availability',
      tag: 'Flights',
      auth: 'user',
      input: { params: flightParams },
      output: { 200: flightAnswer },
      problems: [FlightNotFound],
      handler: async ({ params }) => {
        const flight = await this.flights.require(params.id);
        return reply(200, toFlightView(flight, await this.flights.availabilityOf(flight), this.rules));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/flights',
      operation: 'addFlight',
      summary: 'Add a flight',
      description: 'Fares are rupees per passenger before tax; taxes and airport charges are added to them.',
      tag: 'Flights',
      auth: 'admin',
      input: { body: newFlightRequest },
      output: { 201: flightAnswer },
      problems: [FlightExists, DepartureNotOnSale],
      handler: async ({ body }) =>
        reply(201, toStoredFlightView(await this.flights.add(toNewFlight(body)), this.rules)),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/flights/:id/cancel',
      operation: 'cancelFlight',
      summary: 'Cancel a flight',
      description: 'Its bookings are cancelled and paid back. Asked again, it answers the same.',
      tag: 'Flights',
      auth: 'admin',
      input: { params: flightParams, body: cancelRequest },
      output: { 200: flightAnswer },
      problems: [FlightNotFound, FlightDeparted],
      handler: async ({ params, body }) =>
        reply(200, toStoredFlightView(await this.flights.cancel(params.id, body.reason), this.rules)),
    }),
    defineRoute({
      method: 'GET',
      path: '/internal/flights',
      operation: 'getFlightDetails',
      summary: 'Flights by id; an unknown id is absent',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.seat, serviceName.booking, serviceName.discount],
      input: { query: flightsQuery },
      output: { 200: flightDetails },
      handler: async ({ query }) => {
        const flights = await this.flights.find(query.ids);
        return reply(200, { flights: flights.map((flight) => toFlightDetailView(flight, this.rules)) });
      },
    }),
  ];

  constructor(
    private readonly flights: FlightService,
    private readonly rules: FareRules,
  ) {}
}
