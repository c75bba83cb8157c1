import { idText } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { BookingNotFound } from './booking.errors.js';
import { bookingPage, bookingView, listBookingsQuery, pnrParams, pnrQuery } from './booking.schemas.js';
import type { BookingService } from './booking.service.js';
import { toBookingView } from './booking.view.js';

const TAG = 'Bookings';
const params = z.strictObject({ id: idText });

/** How customers look at their bookings. */
export class BookingController implements RouteSource {
  readonly routes: readonly Route[] = [
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
  ];

  constructor(private readonly bookings: BookingService) {}
}
