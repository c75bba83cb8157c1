import { flightDetails } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { FlightDeparted, FlightExists, FlightNotFound } from './flight.errors.js';
import {
  cancelRequest,
  flightAnswer,
  flightParams,
  flightsQuery,
  newFlightRequest,
} from './flight.schemas.js';
import { seatsOf } from './flight.row.js';
import type { FlightService } from './flight.service.js';
import type { Flight } from './flight.js';
import { flightDetailView, flightView } from './flight.view.js';

/** Single flights, for customers, admins and the other services. */
export class FlightController implements RouteSource {
  constructor(private readonly flights: FlightService) {}

  get routes(): readonly Route[] {
    return [this.get(), this.add(), this.cancel(), this.details()];
  }

  private get(): Route {
    return defineRoute({
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
        return reply(200, flightView(flight, await this.flights.availabilityOf(flight)));
      },
    });
  }

  private add(): Route {
    return defineRoute({
      method: 'POST',
      path: '/api/flights',
      operation: 'addFlight',
      summary: 'Add a flight',
      description: 'Fares are rupees per passenger before tax; taxes and airport charges are added to them.',
      tag: 'Flights',
      auth: 'admin',
      input: { body: newFlightRequest },
      output: { 201: flightAnswer },
      problems: [FlightExists],
      handler: async ({ body }) => reply(201, storedView(await this.flights.add(body))),
    });
  }

  private cancel(): Route {
    return defineRoute({
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
        reply(200, storedView(await this.flights.cancel(params.id, body.reason))),
    });
  }

  private details(): Route {
    return defineRoute({
      method: 'GET',
      path: '/internal/flights',
      operation: 'getFlightDetails',
      summary: 'Flights by id; an unknown id is absent',
      tag: 'Internal',
      auth: 'service',
      input: { query: flightsQuery },
      output: { 200: flightDetails },
      handler: async ({ query }) => {
        const flights = await this.flights.find(query.ids);
        return reply(200, { flights: flights.map(flightDetailView) });
      },
    });
  }
}

const storedView = (flight: Flight) => flightView(flight, { seats: seatsOf(flight), live: false });
