import { id, paise, refundRequest } from '@flight-booking/contracts';
import { defineRoute, reply, type Route } from '@flight-booking/platform';
import { z } from 'zod';
import type { RefundService } from './refund.service.js';

const refundsAnswer = z.strictObject({
  booking_id: id,
  /** What is going back or has gone back, all refunds of the booking together. */
  refunded_paise: paise,
  refunds: z.array(
    z.strictObject({
      refund_id: id,
      payment_id: id,
      amount_paise: paise,
      status: z.enum(['PENDING', 'SUCCEEDED']),
    }),
  ),
});

/** Refunds that other services ask for. */
export class RefundController {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/internal/refunds',
      operation: 'refundBooking',
      summary: 'Give back all that was captured for a booking',
      tag: 'Internal',
      auth: 'service',
      input: { body: refundRequest },
      output: { 200: refundsAnswer },
      handler: async ({ body }) => {
        const refunds = await this.refunds.refundBooking(body.booking_id, body.reason);
        return reply(200, {
          booking_id: body.booking_id,
          refunded_paise: refunds.reduce((sum, { amountPaise }) => sum + amountPaise, 0),
          refunds: refunds.map(({ refundId, paymentId, amountPaise, status }) => ({
            refund_id: refundId,
            payment_id: paymentId,
            amount_paise: amountPaise,
            status,
          })),
        });
      },
    }),
  ];

  constructor(private readonly refunds: RefundService) {}
}
