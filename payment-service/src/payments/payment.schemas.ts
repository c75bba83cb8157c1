import {
  CURRENCY,
  cursorOf,
  id,
  idText,
  lineOfText,
  nextCursor,
  pageLimit,
  paiseToRupees,
  positiveRupees,
  rupees,
} from '@flight-booking/contracts';
import { z } from 'zod';
import type { PaymentState } from './payment-reader.js';

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
const instantText = z.string().meta({ format: 'date-time' });

/** What a customer who pays is told. `booking_status` is `PENDING` while booking-service has not answered. */
export const initiateAnswer = z.strictObject({
  payment_id: id,
  status: z.enum(['PROCESSING', 'SUCCEEDED']),
  booking_id: id,
  booking_status: z.string(),
  amount: rupees,
  currency,
});

const refundView = z.strictObject({
  refund_id: id,
  status: z.enum(['PENDING', 'SUCCEEDED']),
  amount: rupees,
  currency,
  reason: z.string(),
  created_at: instantText,
  completed_at: instantText.optional(),
});

/** A payment with its refunds. */
export const paymentView = z.strictObject({
  payment_id: id,
  booking_id: id,
  user_id: id,
  status: z.enum(['PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDING', 'REFUNDED']),
  booking_status: z.string().meta({ description: 'As the booking was when the payment reached it' }),
  amount: rupees,
  currency,
  refunded_amount: rupees,
  payment_method: z.strictObject({ token: z.string(), card_last_four: z.string().optional() }),
  decline_reason: z.string().optional(),
  created_at: instantText,
  captured_at: instantText.optional(),
  refunds: z.array(refundView),
});

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** `GET /api/payments`. */
export const paymentQuery = z.strictObject({
  booking_id: idText.optional(),
  limit: pageLimit(DEFAULT_PAGE, MAX_PAGE),
  cursor: cursorOf(idText).optional(),
});

/** A page of payments, newest first. */
export const paymentPage = z.strictObject({
  payments: z.array(paymentView),
  next_cursor: nextCursor,
});

/** The answer to a customer who pays. */
export function initiateAnswerOf({ payment }: PaymentState): z.input<typeof initiateAnswer> {
  return {
    payment_id: payment.paymentId,
    status: payment.status === 'PROCESSING' ? 'PROCESSING' : 'SUCCEEDED',
    booking_id: payment.bookingId,
    booking_status: payment.bookingStatus,
    amount: paiseToRupees(payment.amountPaise),
    currency: CURRENCY,
  };
}

/** A payment as its owner sees it. */
export function paymentViewOf({ payment, refunds }: PaymentState): z.input<typeof paymentView> {
  return {
    payment_id: payment.paymentId,
    booking_id: payment.bookingId,
    user_id: payment.userId,
    status: payment.status,
    booking_status: payment.bookingStatus,
    amount: paiseToRupees(payment.amountPaise),
    currency: CURRENCY,
    refunded_amount: paiseToRupees(payment.refundedPaise),
    payment_method: {
      token: payment.methodToken,
      ...(payment.cardLastFour !== null && { card_last_four: payment.cardLastFour }),
    },
    ...(payment.declineReason !== null && { decline_reason: payment.declineReason }),
    created_at: payment.createdAt.toISOString(),
    ...(payment.capturedAt !== null && { captured_at: payment.capturedAt.toISOString() }),
    refunds: refunds.map((refund) => ({
      refund_id: refund.refundId,
      status: refund.status,
      amount: paiseToRupees(refund.amountPaise),
      currency: CURRENCY,
      reason: refund.reason,
      created_at: refund.createdAt.toISOString(),
      ...(refund.completedAt !== null && { completed_at: refund.completedAt.toISOString() }),
    })),
  };
}
