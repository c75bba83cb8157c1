import { refundRequest, serviceName } from '@flight-booking/contracts';
import {
  defineRoute,
  idText,
  noContent,
  reply,
  type IdempotencyKeys,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { z } from 'zod';
import { PaymentNotFound } from '../payments/payment.errors.js';
import type { OperatorRefundService } from './operator-refund.service.js';
import { NothingCaptured, PaymentInUse, RefundDiffers, RefundSettled } from './refund.errors.js';
import {
  operatorRefundAnswer,
  operatorRefundRequest,
  stuckRefundsPage,
  stuckRefundsQuery,
} from './refund.schemas.js';
import type { RefundService } from './refund.service.js';
import { toOperatorRefundView, toStuckRefundView } from './refund.view.js';

const tag = 'Operations';

/** Refunds that other services and operators ask for. */
export class RefundController implements RouteSource {
  readonly routes: readonly Route[];

  constructor(
    private readonly refunds: RefundService,
    private readonly operators: OperatorRefundService,
    keys: IdempotencyKeys,
  ) {
    this.routes = [
      defineRoute({
        method: 'POST',
        path: '/internal/refunds',
        operation: 'giveBackForCancellation',
        summary: 'Give back what the cancellation of a booking says, of the payment that it was paid with',
        tag: 'Internal',
        auth: 'service',
        callers: [serviceName.booking],
        input: { body: refundRequest },
        output: { 204: noContent },
        problems: [PaymentNotFound, RefundDiffers],
        handler: async ({ body }) => {
          await this.refunds.refundCancellation({
            bookingId: body.booking_id,
            paymentId: body.payment_id,
            amountPaise: body.amount_paise,
            returnedFeePaise: body.returned_fee_paise ?? 0,
            reason: body.reason,
          });
          return reply(204, undefined);
        },
      }),
      defineRoute({
        method: 'POST',
        path: '/api/payments/:id/refund',
        operation: 'refundPayment',
        summary: 'Give back all that is left of a payment whose booking has ended',
        description:
          'Safe to repeat. A payment whose booking stands is given back by `POST /api/bookings/{id}/refund`, and so is ' +
          'what a cancellation has kept: 409 `refund-settled`.',
        tag,
        auth: 'admin',
        idempotency: keys,
        input: { params: z.strictObject({ id: idText }), body: operatorRefundRequest },
        output: { 200: operatorRefundAnswer },
        problems: [PaymentNotFound, NothingCaptured, PaymentInUse, RefundSettled],
        handler: async ({ params: { id }, body: { reason } }) =>
          reply(200, toOperatorRefundView(id, await this.operators.refundRest(id, reason))),
      }),
      defineRoute({
        method: 'GET',
        path: '/api/payments/stuck-refunds',
        operation: 'listStuckRefunds',
        summary: 'Refunds that the provider has failed as often as it may, oldest first',
        description: '`POST /api/payments/{id}/retry` starts those of a payment again.',
        tag,
        auth: 'admin',
        input: { query: stuckRefundsQuery },
        output: { 200: stuckRefundsPage },
        handler: async ({ query: { limit, cursor } }) => {
          const { items, nextCursor } = await this.refunds.stuck(limit, cursor);
          return reply(200, { refunds: items.map(toStuckRefundView), next_cursor: nextCursor });
        },
      }),
    ];
  }
}
