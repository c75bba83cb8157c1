import {
  CURRENCY,
  id,
  lineOfText,
  nextCursor,
  pageLimit,
  cursorOf,
  idText,
  paise,
  rupees,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { REFUND_CODES, REFUND_STATUSES } from './refund.js';

const instantText = z.string().meta({ format: 'date-time' });
const refundStatus = z.enum(REFUND_STATUSES);

/** A refund as the customer sees it. */
export const refundAnswer = z.strictObject({
  refund_id: id,
  status: refundStatus,
  amount: rupees,
  currency: z.literal(CURRENCY),
  reason_code: z.enum(REFUND_CODES),
  reason: z.string().meta({ description: 'The reason in words, for people' }),
  stuck_reason: z.string().optional().meta({ description: 'Why only an operator can go on with it' }),
  created_at: instantText,
  completed_at: instantText.optional(),
});

/** `POST /internal/refunds`. */
export const refundsAnswer = z.strictObject({
  booking_id: id,
  /** What is going back or has gone back, all refunds of the booking together. */
  refunded_paise: paise,
  refunds: z.array(
    z.strictObject({ refund_id: id, payment_id: id, amount_paise: paise, status: refundStatus }),
  ),
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

const MAX_PAGE = 100;

/** `GET /api/payments/stuck-refunds`. */
export const stuckRefundsQuery = z.strictObject({
  limit: pageLimit(MAX_PAGE, MAX_PAGE),
  cursor: cursorOf(idText).optional(),
});

/** A page of refunds that wait for an operator, oldest first. */
export const stuckRefundsPage = z.strictObject({
  refunds: z.array(refundAnswer.extend({ payment_id: id })),
  next_cursor: nextCursor,
});
