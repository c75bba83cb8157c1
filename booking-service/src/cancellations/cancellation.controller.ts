import { idText } from '@flight-booking/contracts';
import {
  defineRoute,
  reply,
  type IdempotencyKeys,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { z } from 'zod';
import { BookingCancelled, BookingExpired, BookingNotFound } from '../bookings/booking.errors.js';
import { bookingView } from '../bookings/booking.schemas.js';
import { toBookingView } from '../bookings/booking.view.js';
import { FlightDeparted } from '../flights/flight.errors.js';
import type { CancelBookingService } from './cancel-booking.service.js';
import { cancelBookingRequest } from './cancellation.schemas.js';
import { QuoteNeeded, QuoteStale } from './cancellation-quote.errors.js';
import { cancellationQuoteView } from './cancellation-quote.schemas.js';
import { toCancellationQuoteView } from './cancellation-quote.view.js';

const TAG = 'Bookings';
const params = z.strictObject({ id: idText });

/** How customers cancel. */
export class CancellationController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    private readonly cancellations: CancelBookingService,
    keys: IdempotencyKeys,
  ) {
    this.routes = [
      defineRoute({
        method: 'GET',
        path: '/api/bookings/:id/cancellation-quote',
        operation: 'quoteCancellation',
        summary: 'What cancelling your booking would keep and give back',
        description:
          'Confirm it with `POST /api/bookings/{id}/cancel` and its `quote_id` until `valid_until`.',
        tag: TAG,
        auth: 'user',
        input: { params },
        output: { 200: cancellationQuoteView },
        problems: [BookingNotFound, BookingCancelled, BookingExpired, FlightDeparted],
        handler: async ({ principal, params: { id } }) =>
          reply(200, toCancellationQuoteView(await this.cancellations.quote(principal, id))),
      }),
      defineRoute({
        method: 'POST',
        path: '/api/bookings/:id/cancel',
        operation: 'cancelBooking',
        summary: 'Cancel a booking as quoted',
        description:
          'Gives back what the quote says that `quote_id` names. Without one it goes through only if nothing is kept; ' +
          'otherwise the answer is `quote-needed` with the quote to confirm.',
        tag: TAG,
        auth: 'user',
        idempotency: keys,
        input: { params, body: cancelBookingRequest },
        output: { 200: bookingView },
        problems: [BookingNotFound, BookingExpired, FlightDeparted, QuoteNeeded, QuoteStale],
        handler: async ({ principal, params: { id }, body: { quote_id: quoteId, reason }, claim }) => {
          const wish = { quoteId, reason };
          return reply(200, toBookingView(await this.cancellations.byCustomer(principal, id, wish, claim)));
        },
      }),
    ];
  }
}
