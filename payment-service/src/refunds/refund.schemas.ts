import { CURRENCY, instant, lineOfText, rupees } from '@flight-booking/contracts';
import { id, nextCursor, pageQuery } from '@flight-booking/platform';
import { z } from 'zod';
import { REFUND_CODES, REFUND_STATUSES } from './refund.js';

/** A refund as the customer sees it. */
export const refundAnswer = z.strictObject({
  refund_id: id,
  status: z.enum(REFUND_STATUSES),
  amount: rupees,
  currency: z.literal(CURRENCY),
  reason_code: z.enum(REFUND_CODES),
  reason: z.string().meta({ description: 'The reason in words, for people' }),
  stuck_reason: z.string().optional().meta({ description: 'Why only an operator can go on with it' }),
  created_at: instant,
  completed_at: instant.optional(),
});

/** `POST /api/payments/:id/refund`. */
export const operatorRefundRequest = z.strictObject({
  reason: lineOfText(1, 100).meta({ description: 'Why, in words that the customer is told' }),
});

/** What an operator is told who gives a payment back. */
export const operatorRefundAnswer = z.strictObject({
  payment_id: id,
  refunded_amount: rupees,
  currency: z.literal(CURRENCY),
  refunds: z.array(refundAnswer),
});

const DEFAULT_PAGE = 100;

/** `GET /api/payments/stuck-refunds`. */
export const stuckRefundsQuery = pageQuery(DEFAULT_PAGE);

/** A page of refunds that wait for an operator, oldest first. */
export const stuckRefundsPage = z.strictObject({
  refunds: z.array(refundAnswer.extend({ payment_id: id })),
  next_cursor: nextCursor,
});
