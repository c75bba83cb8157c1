import { CURRENCY, instant, lineOfText, positiveRupees, rupees } from '@flight-booking/contracts';
import { id, idText, nextCursor, pageQuery } from '@flight-booking/platform';
import { z } from 'zod';
import { refundAnswer } from '../refunds/refund.schemas.js';

/** `POST /api/payments/initiate`. */
export const initiateRequest = z.strictObject({
  booking_id: id,
  user_id: id.optional(),
  amount: positiveRupees.meta({ description: 'What the booking costs, in rupees' }),
  payment_method: lineOfText(1, 64)
    .default('tok_success')
    .meta({ description: 'A test token or the number of a test card' }),
});

const currency = z.literal(CURRENCY);
const challengeUrl = z.url().meta({
  description: 'Only while the customer has to approve the payment: the page to open for that',
});

/** What a customer who pays is told. `booking_status` is `PENDING` while booking-service has not answered. */
export const initiateAnswer = z.strictObject({
  payment_id: id,
  status: z.enum(['PROCESSING', 'SUCCEEDED']),
  booking_id: id,
  booking_status: z.string(),
  amount: rupees,
  currency,
  challenge_url: challengeUrl.optional(),
});

/** A payment with its refunds. */
export const paymentAnswer = z.strictObject({
  payment_id: id,
  booking_id: id,
  user_id: id,
  status: z.enum(['PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED']),
  booking_status: z.string().meta({ description: 'As the booking was when the payment reached it' }),
  amount: rupees,
  currency,
  refunded_amount: rupees,
  payment_method: z.strictObject({ token: z.string(), card_last_four: z.string().optional() }),
  challenge_url: challengeUrl.optional(),
  decline_reason: z.string().optional(),
  created_at: instant,
  captured_at: instant.optional(),
  refunds: z.array(refundAnswer),
});

const DEFAULT_PAGE = 20;

/** `GET /api/payments`. */
export const paymentQuery = pageQuery(DEFAULT_PAGE).extend({ booking_id: idText.optional() });

/** A page of payments, newest first. */
export const paymentPage = z.strictObject({
  payments: z.array(paymentAnswer),
  next_cursor: nextCursor,
});
