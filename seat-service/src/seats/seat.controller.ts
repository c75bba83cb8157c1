import { availability } from '@flight-booking/contracts';
import {
  actingUser,
  defineRoute,
  noContent,
  reply,
  type Clock,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { z } from 'zod';
import { FlightCancelled, FlightDeparted, FlightNotFound } from '../flights/flight.errors.js';
import {
  LockLimitReached,
  LockNotFound,
  LocksUnavailable,
  SeatsUnavailable,
  UnknownSeats,
} from './seat.errors.js';
import {
  availabilityQuery,
  flightLock,
  flightParams,
  itineraryLock,
  lockParams,
  lockRequest,
  seatMap,
} from './seat.schemas.js';
import type { SeatService } from './seat.service.js';
import { toAvailabilityView, toFlightLockView, toItineraryLockView, toSeatMapView } from './seat.view.js';

/** Seat maps and seat locks. */
export class SeatController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/seats/lock',
      operation: 'lockSeats',
      summary: 'Lock seats for ten minutes, all or none',
      tag: 'Seats',
      auth: 'user',
      input: { body: lockRequest },
      output: { 201: z.union([flightLock, itineraryLock]) },
      problems: [
        FlightNotFound,
        SeatsUnavailable,
        LockLimitReached,
        FlightCancelled,
        FlightDeparted,
        UnknownSeats,
        LocksUnavailable,
      ],
      handler: async ({ body, principal }) => {
        const userId = actingUser(principal, body.user_id);
        const wish = body.seats
          ? { seatNumbers: body.seats }
          : { count: body.num_seats ?? 1, cabin: body.cabin ?? 'economy' };
        const lock = await this.seats.lock(userId, body.flight_ids ?? [body.flight_id as number], wish);
        const toView = body.flight_ids ? toItineraryLockView : toFlightLockView;
        return reply(201, toView(lock, this.clock.now()));
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/seats/lock/:lock_id',
      operation: 'unlockSeats',
      summary: 'Give a lock back',
      tag: 'Seats',
      auth: 'user',
      input: { params: lockParams },
      output: { 204: noContent },
      problems: [LockNotFound, LocksUnavailable],
      handler: async ({ params, principal }) => {
        await this.seats.release(principal.userId, params.lock_id);
        return reply(204, undefined);
      },
    }),
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
