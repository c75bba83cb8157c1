import { availability, serviceName } from '@flight-booking/contracts';
import { defineRoute, reply, type Clock, type Route, type RouteSource } from '@flight-booking/platform';
import { FlightNotFound } from '../flights/flight.errors.js';
import { availabilityQuery, flightParams, seatMap } from './seat.schemas.js';
import type { SeatService } from './seat.service.js';
import { toAvailabilityView, toSeatMapView } from './seat.view.js';

/** Which seats are free. */
export class SeatController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/seats/:flight_id',
      operation: 'getSeatMap',
      summary: 'The seats of a flight and what became of each',
      tag: 'Seats',
      auth: 'user',
      input: { params: flightParams },
      output: { 200: seatMap },
      problems: [FlightNotFound],
      handler: async ({ params, principal }) => {
        const map = await this.seats.map(principal.userId, params.flight_id);
        return reply(200, toSeatMapView(map, this.clock.now()));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/internal/availability',
      operation: 'getAvailability',
      summary: 'Seats that could be locked right now',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.flightSearch],
      input: { query: availabilityQuery },
      output: { 200: availability },
      problems: [FlightNotFound],
      handler: async ({ query }) =>
        reply(200, toAvailabilityView(await this.seats.availability(query.flight_ids))),
    }),
  ];

  constructor(
    private readonly seats: SeatService,
    private readonly clock: Clock,
  ) {}
}
