import {
  paymentStateChangesAnswer,
  paymentStateChangesQuery,
  paymentStatesAnswer,
  type PaymentStatesAnswer,
  paymentStatesRequest,
  serviceName,
} from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { PaymentState } from './payment-state.repository.js';
import type { PaymentStatesService } from './payment-states.service.js';

/** What payment-service compares its own books with. */
export class PaymentStatesController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/internal/bookings/payment-states',
      operation: 'getPaymentStates',
      summary: 'What became of captured payments here, and what of each has to go back',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.payment],
      input: { body: paymentStatesRequest },
      output: { 200: paymentStatesAnswer },
      handler: async ({ body }) => {
        const states = await this.payments.states(body.payment_ids);
        return reply(200, { payments: states.map(toPaymentStateView) });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/internal/payment-states',
      operation: 'listPaymentStateChanges',
      summary: 'What changed of captured payments here since it was last asked, in the order of the changes',
      tag: 'Internal',
      auth: 'service',
      callers: [serviceName.payment],
      input: { query: paymentStateChangesQuery },
      output: { 200: paymentStateChangesAnswer },
      handler: async ({ query }) => {
        const states = await this.payments.changes(query.after);
        const position = states.at(-1)?.position;
        return reply(200, {
          payments: states.map(toPaymentStateView),
          ...(position !== undefined && { position }),
        });
      },
    }),
  ];

  constructor(private readonly payments: PaymentStatesService) {}
}

const toPaymentStateView = (state: PaymentState): PaymentStatesAnswer['payments'][number] => ({
  payment_id: state.paymentId,
  booking_id: state.bookingId,
  booking_status: state.bookingStatus,
  ...(state.verdict !== null && { verdict: state.verdict }),
  refund_due_paise: state.refundDuePaise,
  unchanged_ms: state.unchangedMs,
});
