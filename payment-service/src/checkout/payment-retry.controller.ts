import { defineRoute, id, idText, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { PaymentNotFound } from '../payments/payment.errors.js';
import type { PaymentRetryService } from './payment-retry.service.js';

const retryAnswer = z.strictObject({
  payment_id: id,
  retried: z.array(z.string()).meta({ description: 'The kinds of work that are tried again' }),
});

/** What operators do about a payment whose work was given up. */
export class PaymentRetryController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/payments/:id/retry',
      operation: 'retryPayment',
      summary: 'Try again what was given up about a payment and its refunds',
      description: 'Safe to repeat: what is not stuck is left alone.',
      tag: 'Operations',
      auth: 'admin',
      input: { params: z.strictObject({ id: idText }) },
      output: { 202: retryAnswer },
      problems: [PaymentNotFound],
      handler: async ({ params }) =>
        reply(202, { payment_id: params.id, retried: await this.retries.retry(params.id) }),
    }),
  ];

  constructor(private readonly retries: PaymentRetryService) {}
}
