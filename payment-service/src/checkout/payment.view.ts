import { CURRENCY, paiseToRupees } from '@flight-booking/contracts';
import type { z } from 'zod';
import { toRefundView } from '../refunds/refund.view.js';
import type { Payment } from '../payments/payment.js';
import type { PaymentWithRefunds } from './payment-reader.js';
import type { initiateAnswer, paymentAnswer } from './payment.schemas.js';

/** An address that only leads somewhere while the provider waits for the customer. */
const challengeOf = ({ status, challengeUrl }: Payment): { challenge_url?: string } =>
  status === 'PROCESSING' && challengeUrl !== null ? { challenge_url: challengeUrl } : {};

/** The answer to a customer who pays. */
export function toInitiateView({ payment }: PaymentWithRefunds): z.input<typeof initiateAnswer> {
  return {
    payment_id: payment.paymentId,
    status: payment.status === 'PROCESSING' ? 'PROCESSING' : 'SUCCEEDED',
    booking_id: payment.bookingId,
    booking_status: payment.bookingStatus,
    amount: paiseToRupees(payment.amountPaise),
    currency: CURRENCY,
    ...challengeOf(payment),
  };
}

/**
 * A payment as its owner or an administrator sees it. The challenge is the owner's alone: whoever has its address
 * answers it.
 */
export function toPaymentView(
  { payment, refunds }: PaymentWithRefunds,
  viewerId: number,
): z.input<typeof paymentAnswer> {
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
    ...(payment.userId === viewerId && challengeOf(payment)),
    ...(payment.declineReason !== null && { decline_reason: payment.declineReason }),
    created_at: payment.createdAt.toISOString(),
    ...(payment.capturedAt !== null && { captured_at: payment.capturedAt.toISOString() }),
    refunds: refunds.map(toRefundView),
  };
}
