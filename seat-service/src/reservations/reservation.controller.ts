import { reservation, reservationRequest, saleRequest, serviceName } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { FlightCancelled, FlightDeparted } from '../flights/flight.errors.js';
import {
  LocksUnavailable,
  ReservationLimitReached,
  SeatsLost,
  SeatsNotLocked,
  SeatsUnavailable,
} from '../seats/seat.errors.js';
import { bookingParams } from './reservation.schemas.js';
import type { ReservationService } from './reservation.service.js';
import { toReservationView } from './reservation.view.js';
import type { SaleService } from './sale.service.js';

/** What booking-service asks of seats. Every route is safe to repeat. */
export class ReservationController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'PUT',
      path: '/internal/reservations/:booking_id',
      operation: 'reserveSeats',
      summary: 'Turn a lock into the seats of an unpaid booking',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: bookingParams, body: reservationRequest },
      output: { 200: reservation },
      problems: [
        SeatsNotLocked,
        SeatsUnavailable,
        SeatsLost,
        ReservationLimitReached,
        FlightCancelled,
        FlightDeparted,
        LocksUnavailable,
      ],
      handler: async ({ params, body }) => {
        const reserved = await this.reservations.reserve(params.booking_id, {
          userId: body.user_id,
          flightIds: body.flight_ids,
          seatsPerFlight: body.num_seats,
          lockId: body.lock_id,
          cabins: new Map(body.cabins?.map(({ flight_id, cabins }) => [flight_id, cabins])),
          expiresAt: new Date(body.expires_at),
        });
        return reply(200, toReservationView(reserved));
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/internal/reservations/:booking_id/sale',
      operation: 'sellSeats',
      summary: 'Sell the seats of a booking that is paid; the answer to a payment stands for ever',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: bookingParams, body: saleRequest },
      output: { 200: reservation },
      problems: [SeatsLost, FlightCancelled, FlightDeparted, LocksUnavailable],
      handler: async ({ params, body }) => {
        const sale = { bookingId: params.booking_id, paymentId: body.payment_id };
        return reply(200, toReservationView(await this.sales.sell(sale)));
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/internal/reservations/:booking_id',
      operation: 'releaseSeats',
      summary: 'Free the seats of a booking',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.booking],
      input: { params: bookingParams },
      output: { 200: reservation },
      handler: async ({ params }) =>
        reply(200, toReservationView(await this.reservations.release(params.booking_id))),
    }),
  ];

  constructor(
    private readonly reservations: ReservationService,
    private readonly sales: SaleService,
  ) {}
}
