import { CURRENCY, paiseToRupees } from '@flight-booking/contracts';
import type { z } from 'zod';
import type { Refund } from './refund.js';
import type { operatorRefundAnswer, refundAnswer, stuckRefundsPage } from './refund.schemas.js';

/** A refund as the customer sees it. */
export const toRefundView = (refund: Refund): z.input<typeof refundAnswer> => ({
  refund_id: refund.refundId,
  status: refund.status,
  amount: paiseToRupees(refund.amountPaise),
  currency: CURRENCY,
  reason_code: refund.reason.code,
  reason: refund.reason.text,
  ...(refund.stuckReason !== null && { stuck_reason: refund.stuckReason }),
  created_at: refund.createdAt.toISOString(),
  ...(refund.completedAt !== null && { completed_at: refund.completedAt.toISOString() }),
});

/** What was given back of a payment, as an operator sees it. */
export const toOperatorRefundView = (
  paymentId: number,
  refunds: readonly Refund[],
): z.input<typeof operatorRefundAnswer> => ({
  payment_id: paymentId,
  refunded_amount: paiseToRupees(refunds.reduce((sum, { amountPaise }) => sum + amountPaise, 0)),
  currency: CURRENCY,
  refunds: refunds.map(toRefundView),
});

/** A refund that waits for an operator. */
export const toStuckRefundView = (refund: Refund): z.input<typeof stuckRefundsPage>['refunds'][number] => ({
  ...toRefundView(refund),
  payment_id: refund.paymentId,
});
