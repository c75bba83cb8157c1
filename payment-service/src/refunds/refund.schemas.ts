import { CURRENCY, id, paise, rupees } from '@flight-booking/contracts';
import { z } from 'zod';
import { REFUND_CODES } from './refund.js';

const instantText = z.string().meta({ format: 'date-time' });
const refundStatus = z.enum(['PENDING', 'SUCCEEDED']);

/** A refund as the customer sees it. */
export const refundAnswer = z.strictObject({
  refund_id: id,
  status: refundStatus,
  amount: rupees,
  currency: z.literal(CURRENCY),
  reason_code: z.enum(REFUND_CODES),
  reason: z.string().meta({ description: 'The reason in words, for people' }),
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
