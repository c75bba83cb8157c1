import {
  bookingDetail,
  bookingTicketedRequest,
  confirmBookingAnswer,
  confirmBookingRequest,
  idText,
  serviceName,
} from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { AmountMismatch, BookingNotFound, PaymentOfAnotherBooking, TicketRefused } from './booking.errors.js';
import { ticketedAnswer } from './booking.schemas.js';
import type { BookingService } from './booking.service.js';
import { toBookingDetail, toConfirmBookingAnswer } from './booking.view.js';
import type { ConfirmBookingService } from './confirm-booking.service.js';

const TAG = 'Internal';
const params = z.strictObject({ id: idText });

/** What the other services do with bookings. */
export class InternalBookingController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/internal/bookings/:id',
      operation: 'getBookingDetail',
      summary: 'One booking with all that the other services need',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.payment, serviceName.ticket],
      input: { params },
      output: { 200: bookingDetail },
      problems: [BookingNotFound],
      handler: async ({ params: { id } }) => reply(200, toBookingDetail(await this.bookings.booking(id))),
    }),
    defineRoute({
      method: 'POST',
      path: '/internal/bookings/:id/confirm',
      operation: 'confirmBooking',
      summary: 'A payment is captured; says whether it confirmed the booking. Safe to repeat',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.payment],
      input: { params, body: confirmBookingRequest },
      output: { 200: confirmBookingAnswer },
      problems: [BookingNotFound, AmountMismatch, PaymentOfAnotherBooking],
      handler: async ({ params: { id: bookingId }, body }) => {
        const payment = { bookingId, paymentId: body.payment_id, amountPaise: body.amount_paise };
        return reply(200, toConfirmBookingAnswer(await this.confirmations.confirm(payment)));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/internal/bookings/:id/ticketed',
      operation: 'recordTicket',
      summary: 'The ticket of a booking exists. Safe to repeat',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.ticket],
      input: { params, body: bookingTicketedRequest },
      output: { 200: ticketedAnswer },
      problems: [BookingNotFound, TicketRefused],
      handler: async ({ params: { id }, body }) => {
        const booking = await this.bookings.ticketed(id, body.ticket_id);
        return reply(200, { booking_id: id, booking_status: booking.shownStatus });
      },
    }),
  ];

  constructor(
    private readonly bookings: BookingService,
    private readonly confirmations: ConfirmBookingService,
  ) {}
}
