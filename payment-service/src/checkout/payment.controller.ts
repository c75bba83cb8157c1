import { rupeesToPaise } from '@flight-booking/contracts';
import {
  actingUser,
  defineRoute,
  idText,
  pageOf,
  reply,
  UserMismatch,
  type IdempotencyKeys,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { z } from 'zod';
import { TEST_TOKENS } from '../provider/test-methods.js';
import { PaymentNotFound } from '../payments/payment.errors.js';
import { UnknownPaymentMethod } from '../provider/payment-provider.js';
import type { CheckoutService } from './checkout.service.js';
import { BookingNotFound } from '../bookings/booking.errors.js';
import {
  AlreadyPaid,
  AmountMismatch,
  BookingCancelled,
  BookingExpired,
  BookingNotPayable,
  CapturedAmountDiffers,
  PaymentDeclined,
  PaymentInProgress,
} from './checkout.errors.js';
import type { PaymentReader } from './payment-reader.js';
import {
  initiateAnswer,
  initiateRequest,
  paymentAnswer,
  paymentPage,
  paymentQuery,
} from './payment.schemas.js';
import { toInitiateView, toPaymentView } from './payment.view.js';

const tag = 'Payments';

/** Paying for bookings, and looking at payments. */
export class PaymentController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    private readonly checkout: CheckoutService,
    private readonly reader: PaymentReader,
    keys: IdempotencyKeys,
  ) {
    this.routes = [this.initiate(keys), this.list(), this.get()];
  }

  private initiate(keys: IdempotencyKeys): Route {
    return defineRoute({
      method: 'POST',
      path: '/api/payments/initiate',
      operation: 'initiatePayment',
      summary: 'Pay for a booking',
      description: [
        'The `amount` must be exactly what the booking costs. Answers 202 when the provider has not said yet',
        'what became of the charge, or wants the customer to approve it at `challenge_url` first: ask',
        '`GET /api/payments/{id}` until it has. Money that was taken for a',
        'booking which can no longer use it goes back in full, and the problem says so in `refund`.',
        `\n\nTest tokens: ${TEST_TOKENS.map((token) => `\`${token}\``).join(', ')}.`,
      ].join(' '),
      tag,
      auth: 'user',
      idempotency: keys,
      input: { body: initiateRequest },
      output: { 201: initiateAnswer, 202: initiateAnswer },
      problems: [
        UserMismatch,
        BookingNotFound,
        BookingNotPayable,
        AlreadyPaid,
        PaymentInProgress,
        BookingExpired,
        BookingCancelled,
        AmountMismatch,
        UnknownPaymentMethod,
        CapturedAmountDiffers,
        PaymentDeclined,
      ],
      handler: async ({ body, principal, claim }) => {
        const attempt = {
          userId: actingUser(principal, body.user_id),
          bookingId: body.booking_id,
          amountPaise: rupeesToPaise(body.amount),
          paymentMethod: body.payment_method,
        };
        const state = await this.checkout.pay(attempt, claim);
        return reply(state.payment.status === 'PROCESSING' ? 202 : 201, toInitiateView(state));
      },
    });
  }

  private list(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/payments',
      operation: 'listPayments',
      summary: 'Your payments, newest first',
      tag,
      auth: 'user',
      input: { query: paymentQuery },
      output: { 200: paymentPage },
      handler: async ({ query, principal }) => {
        const { limit, booking_id: bookingId, cursor: before } = query;
        const found = await this.reader.list({
          userId: principal.userId,
          bookingId,
          before,
          limit: limit + 1,
        });
        const { items, nextCursor } = pageOf(found, limit, ({ payment }) => payment.paymentId);
        return reply(200, {
          payments: items.map((item) => toPaymentView(item, principal.userId)),
          next_cursor: nextCursor,
        });
      },
    });
  }

  private get(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/payments/:id',
      operation: 'getPayment',
      summary: 'A payment with its refunds',
      tag,
      auth: 'user',
      input: { params: z.strictObject({ id: idText }) },
      output: { 200: paymentAnswer },
      problems: [PaymentNotFound],
      handler: async ({ params, principal }) =>
        reply(200, toPaymentView(await this.reader.getFor(principal, params.id), principal.userId)),
    });
  }
}
