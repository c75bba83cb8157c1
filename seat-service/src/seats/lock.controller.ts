import {
  actingUser,
  defineRoute,
  noContent,
  reply,
  type IdempotencyKeys,
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
import { flightLock, itineraryLock, lockParams, lockRequest } from './seat.schemas.js';
import type { SeatService } from './seat.service.js';
import { toFlightLockView, toItineraryLockView } from './seat.view.js';

const LOCK_PROBLEMS = [
  FlightNotFound,
  SeatsUnavailable,
  LockLimitReached,
  FlightCancelled,
  FlightDeparted,
  UnknownSeats,
  LocksUnavailable,
];

/** Seat locks. */
export class LockController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(seats: SeatService, keys: IdempotencyKeys) {
    this.routes = [
      defineRoute({
        method: 'POST',
        path: '/api/seats/lock',
        operation: 'lockSeats',
        summary: 'Lock seats for ten minutes, all or none',
        tag: 'Seats',
        auth: 'user',
        idempotency: keys,
        input: { body: lockRequest },
        output: { 201: z.union([flightLock, itineraryLock]) },
        problems: LOCK_PROBLEMS,
        handler: async ({ body, principal, claim }) => {
          const userId = actingUser(principal, body.user_id);
          const wish = body.seats
            ? { seatNumbers: body.seats }
            : { count: body.num_seats ?? 1, cabin: body.cabin ?? 'economy' };
          const flightIds = body.flight_ids ?? [body.flight_id as number];
          const lock = await seats.lock(userId, flightIds, wish, claim);
          const toView = body.flight_ids ? toItineraryLockView : toFlightLockView;
          return reply(201, toView(lock));
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
          await seats.release(principal.userId, params.lock_id);
          return reply(204, undefined);
        },
      }),
    ];
  }
}
