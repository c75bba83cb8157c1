import { AIRCRAFT_LAYOUTS, availability, type CabinLayout } from '@flight-booking/contracts';
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
import type { SeatLock, SeatStatus } from './seat.js';
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
import type { MappedSeat, SeatMap, SeatService } from './seat.service.js';

/** Seat maps and seat locks. */
export class SeatController implements RouteSource {
  constructor(
    private readonly seats: SeatService,
    private readonly clock: Clock,
  ) {}

  get routes(): readonly Route[] {
    return [this.lock(), this.unlock(), this.map(), this.availability()];
  }

  private lock(): Route {
    return defineRoute({
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
        return reply(201, body.flight_ids ? this.itineraryLock(lock) : this.flightLock(lock));
      },
    });
  }

  private unlock(): Route {
    return defineRoute({
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
    });
  }

  private map(): Route {
    return defineRoute({
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
        return reply(200, { ...toWire(map), server_time: this.clock.now().toISOString() });
      },
    });
  }

  private availability(): Route {
    return defineRoute({
      method: 'GET',
      path: '/internal/availability',
      operation: 'getAvailability',
      summary: 'Seats that could be locked right now',
      tag: 'Internal',
      auth: 'service',
      input: { query: availabilityQuery },
      output: { 200: availability },
      problems: [FlightNotFound],
      handler: async ({ query }) => {
        const flights = await this.seats.availability(query.flight_ids);
        return reply(200, {
          flights: flights.map(({ flightId, available }) => ({ flight_id: flightId, available })),
        });
      },
    });
  }

  private flightLock(lock: SeatLock): z.input<typeof flightLock> {
    const [flight] = lock.flights;
    return {
      ...this.lockCommon(lock),
      flight_id: flight?.flightId ?? 0,
      seats: [...(flight?.seatNumbers ?? [])],
    };
  }

  private itineraryLock(lock: SeatLock): z.input<typeof itineraryLock> {
    const flights = lock.flights.map(({ flightId, seatNumbers }) => ({
      flight_id: flightId,
      seats: [...seatNumbers],
    }));
    return { ...this.lockCommon(lock), flights };
  }

  private lockCommon({ lockId, userId, expiresAt }: SeatLock) {
    return {
      lock_id: lockId,
      user_id: userId,
      expires_at: expiresAt.toISOString(),
      server_time: this.clock.now().toISOString(),
    };
  }
}

type SeatMapWire = z.input<typeof seatMap>;

function toWire({ flightId, aircraftType, seats }: SeatMap): Omit<SeatMapWire, 'server_time'> {
  const layouts: readonly CabinLayout[] = AIRCRAFT_LAYOUTS[aircraftType];
  const cabins = [...new Set(layouts.map(({ cabin }) => cabin))];
  return {
    flight_id: flightId,
    aircraft_type: aircraftType,
    cabins: cabins.map((cabin) => {
      const ofCabin = seats.filter((seat) => seat.cabin === cabin);
      const rows = new Map<number, MappedSeat[]>();
      for (const seat of ofCabin) rows.set(rowOf(seat), [...(rows.get(rowOf(seat)) ?? []), seat]);
      return {
        cabin,
        rows: [...rows].map(([row, seatsOfRow]) => ({
          row,
          seats: seatsOfRow.map((seat) => seatWire(seat, layouts)),
        })),
        counts: countByStatus(ofCabin),
      };
    }),
    counts: countByStatus(seats),
  };
}

const rowOf = ({ seatNumber }: MappedSeat): number => Number.parseInt(seatNumber, 10);

function seatWire(
  seat: MappedSeat,
  layouts: readonly CabinLayout[],
): SeatMapWire['cabins'][number]['rows'][number]['seats'][number] {
  const row = rowOf(seat);
  const layout = layouts.find(({ firstRow, lastRow }) => firstRow <= row && row <= lastRow);
  return {
    seat: seat.seatNumber,
    position: positionOf(seat.seatNumber.slice(-1), layout?.groups ?? []),
    status: seat.status,
    mine: seat.mine,
  };
}

/** A seat at either end of the row is by the window; one at the end of a group is by the aisle. */
function positionOf(letter: string, groups: readonly string[]): 'window' | 'middle' | 'aisle' {
  const row = groups.join('');
  if (letter === row[0] || letter === row.at(-1)) return 'window';
  return groups.some((group) => group.startsWith(letter) || group.endsWith(letter)) ? 'aisle' : 'middle';
}

function countByStatus(seats: readonly MappedSeat[]): Record<SeatStatus, number> {
  const counts = { available: 0, locked: 0, reserved: 0, sold: 0 };
  for (const { status } of seats) counts[status] += 1;
  return counts;
}
