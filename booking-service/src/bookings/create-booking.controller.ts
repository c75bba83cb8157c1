import {
  UserMismatch,
  actingUser,
  defineRoute,
  reply,
  type IdempotencyKeys,
  type Route,
  type RouteSource,
  type UserPrincipal,
} from '@flight-booking/platform';
import type { z } from 'zod';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import {
  FlightCancelled,
  FlightDeparted,
  FlightNotFound,
  FlightsDoNotConnect,
} from '../flights/flight.errors.js';
import { FareNotSold, PriceChanged } from '../prices/fare.errors.js';
import { ReservationLimitReached, SeatsNotLocked, SeatsUnavailable } from '../seats/seat.errors.js';
import { BookingInterrupted, PassengersNeeded } from './booking.errors.js';
import { bookingView, createBookingRequest, flightIdsOf } from './booking.schemas.js';
import { toBookingView } from './booking.view.js';
import type { BookingWish, CreateBookingService } from './create-booking.service.js';
import { toShownFares } from './shown-fare.schemas.js';

/** How customers book. */
export class CreateBookingController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    private readonly creation: CreateBookingService,
    keys: IdempotencyKeys,
  ) {
    this.routes = [
      defineRoute({
        method: 'POST',
        path: '/api/bookings/create',
        operation: 'createBooking',
        summary: 'Book locked seats',
        description:
          'Books seats that you have locked and keeps them until `expires_at`: at exactly the fares that you say you ' +
          'were shown (`shown_fares`), or else at those of this moment. ' +
          'Without `passengers` the account holder stands for every seat.',
        tag: 'Bookings',
        auth: 'user',
        idempotency: keys,
        input: { body: createBookingRequest },
        output: { 201: bookingView },
        problems: [
          UserMismatch,
          PassengersNeeded,
          FlightNotFound,
          FlightsDoNotConnect,
          FareNotSold,
          PriceChanged,
          SeatsNotLocked,
          SeatsUnavailable,
          ReservationLimitReached,
          FlightCancelled,
          FlightDeparted,
          DiscountNotApplicable,
          BookingInterrupted,
        ],
        handler: async ({ principal, body, claim }) =>
          reply(201, toBookingView(await this.creation.create(principal, wishOf(principal, body), claim))),
      }),
    ];
  }
}

/** @throws UserMismatch */
function wishOf(principal: UserPrincipal, body: z.output<typeof createBookingRequest>): BookingWish {
  actingUser(principal, body.user_id);
  return {
    flightIds: flightIdsOf(body),
    seatCount: body.num_seats,
    lockId: body.lock_id,
    passengers: body.passengers,
    discountCode: body.discount_code,
    brand: body.brand,
    shownFares: body.shown_fares && toShownFares(body.shown_fares, body.brand),
  };
}
