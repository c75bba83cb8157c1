import { reservation, reservationRequest } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { z } from 'zod';
import { FlightCancelled, FlightDeparted } from '../flights/flight.errors.js';
import type { Reservation } from './reservation.js';
import type { ReservationService } from './reservation.service.js';
import { LocksUnavailable, SeatsLost, SeatsNotLocked, SeatsUnavailable } from './seat.errors.js';
import { bookingParams } from './seat.schemas.js';

/** What booking-service asks of seats. Every route is safe to repeat. */
export class ReservationController implements RouteSource {
  constructor(private readonly reservations: ReservationService) {}

  get routes(): readonly Route[] {
    return [this.reserve(), this.sell(), this.release()];
  }

  private reserve(): Route {
    return defineRoute({
      method: 'PUT',
      path: '/internal/reservations/:booking_id',
      operation: 'reserveSeats',
      summary: 'Turn a lock into the seats of an unpaid booking',
      tag: 'Internal',
      auth: 'service',
      input: { params: bookingParams, body: reservationRequest },
      output: { 200: reservation },
      problems: [
        SeatsNotLocked,
        SeatsUnavailable,
        SeatsLost,
        FlightCancelled,
        FlightDeparted,
        LocksUnavailable,
      ],
      handler: async ({ params, body }) =>
        reply(200, toWire(await this.reservations.reserve(params.booking_id, body))),
    });
  }

  private sell(): Route {
    return defineRoute({
      method: 'PUT',
      path: '/internal/reservations/:booking_id/sale',
      operation: 'sellSeats',
      summary: 'Sell the reserved seats of a booking that is paid',
      tag: 'Internal',
      auth: 'service',
      input: { params: bookingParams },
      output: { 200: reservation },
      problems: [SeatsLost, LocksUnavailable],
      handler: async ({ params }) => reply(200, toWire(await this.reservations.sell(params.booking_id))),
    });
  }

  private release(): Route {
    return defineRoute({
      method: 'DELETE',
      path: '/internal/reservations/:booking_id',
      operation: 'releaseSeats',
      summary: 'Free the seats of a booking',
      tag: 'Internal',
      auth: 'service',
      input: { params: bookingParams },
      output: { 200: reservation },
      handler: async ({ params }) => reply(200, toWire(await this.reservations.release(params.booking_id))),
    });
  }
}

const toWire = ({ bookingId, status, seats }: Reservation): z.input<typeof reservation> => ({
  booking_id: bookingId,
  status,
  seats: seats.map(({ flightId, seatNumber, cabin }) => ({
    flight_id: flightId,
    seat_number: seatNumber,
    cabin,
  })),
});
