import { idText } from '@flight-booking/contracts';
import {
  UserMismatch,
  actingUser,
  defineRoute,
  reply,
  type Route,
  type RouteSource,
  type UserPrincipal,
} from '@flight-booking/platform';
import { z } from 'zod';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import {
  FlightCancelled,
  FlightDeparted,
  FlightNotFound,
  FlightsDoNotConnect,
} from '../flights/flight.errors.js';
import { SeatsNotLocked, SeatsUnavailable } from '../seats/seat.errors.js';
import { BookingExpired, BookingInterrupted, BookingNotFound, PassengersNeeded } from './booking.errors.js';
import {
  bookingPage,
  bookingView,
  cancelBookingRequest,
  createBookingRequest,
  listBookingsQuery,
  pnrParams,
  pnrQuery,
} from './booking.schemas.js';
import type { BookingService } from './booking.service.js';
import { toBookingView } from './booking.view.js';
import type { CancelBookingService } from './cancel-booking.service.js';
import type { BookingWish, CreateBookingService } from './create-booking.service.js';

const TAG = 'Bookings';
const params = z.strictObject({ id: idText });

/** What customers do with bookings. */
export class BookingController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/bookings/create',
      operation: 'createBooking',
      summary: 'Book locked seats',
      description:
        'Books seats that you have locked, at the fare of this moment, and keeps them until `expires_at`. ' +
        'Without `passengers` the account holder stands for every seat.',
      tag: TAG,
      auth: 'user',
      input: { body: createBookingRequest },
      output: { 201: bookingView },
      problems: [
        UserMismatch,
        PassengersNeeded,
        FlightNotFound,
        FlightsDoNotConnect,
        SeatsNotLocked,
        SeatsUnavailable,
        FlightCancelled,
        FlightDeparted,
        DiscountNotApplicable,
        BookingInterrupted,
      ],
      handler: async ({ principal, body }) =>
        reply(201, toBookingView(await this.creation.create(principal, wishOf(principal, body)))),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/bookings',
      operation: 'listBookings',
      summary: 'Your bookings, the newest first',
      tag: TAG,
      auth: 'user',
      input: { query: listBookingsQuery },
      output: { 200: bookingPage },
      handler: async ({ principal, query: { status, limit, cursor: before } }) => {
        const { items, nextCursor } = await this.bookings.page(principal, { status, limit, before });
        return reply(200, { bookings: items.map(toBookingView), next_cursor: nextCursor });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/bookings/pnr/:pnr',
      operation: 'findBookingByPnr',
      summary: 'Your booking by record locator and surname of a passenger',
      tag: TAG,
      auth: 'user',
      input: { params: pnrParams, query: pnrQuery },
      output: { 200: bookingView },
      problems: [BookingNotFound],
      handler: async ({ principal, params: { pnr }, query }) =>
        reply(200, toBookingView(await this.bookings.bookingByPnr(principal, pnr, query.last_name))),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/bookings/:id',
      operation: 'getBooking',
      summary: 'One booking',
      tag: TAG,
      auth: 'user',
      input: { params },
      output: { 200: bookingView },
      problems: [BookingNotFound],
      handler: async ({ principal, params: { id } }) =>
        reply(200, toBookingView(await this.bookings.bookingFor(principal, id))),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/bookings/:id/cancel',
      operation: 'cancelBooking',
      summary: 'Cancel a booking; what was paid goes back in full',
      tag: TAG,
      auth: 'user',
      input: { params, body: cancelBookingRequest },
      output: { 200: bookingView },
      problems: [BookingNotFound, BookingExpired, FlightDeparted],
      handler: async ({ principal, params: { id }, body }) =>
        reply(200, toBookingView(await this.cancellations.byCustomer(principal, id, body.reason))),
    }),
  ];

  constructor(
    private readonly creation: CreateBookingService,
    private readonly bookings: BookingService,
    private readonly cancellations: CancelBookingService,
  ) {}
}

/** @throws UserMismatch */
function wishOf(principal: UserPrincipal, body: z.output<typeof createBookingRequest>): BookingWish {
  actingUser(principal, body.user_id);
  return {
    flightIds: body.flight_ids ?? (body.flight_id === undefined ? [] : [body.flight_id]),
    seatCount: body.num_seats,
    lockId: body.lock_id,
    passengers: body.passengers,
    discountCode: body.discount_code,
  };
}
