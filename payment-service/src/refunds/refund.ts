import type { RefusalReason } from '../payments/payment.js';

/** What a refund is for when booking-service did not take the payment, and how customers are told. */
const REASONS: Readonly<Record<RefusalReason, string>> = {
  expired: 'The booking had expired when the payment came.',
  seats_lost: 'The seats were no longer free when the payment came.',
  cancelled: 'The booking was cancelled.',
  already_paid: 'The booking was paid already.',
  not_payable: 'The booking could not be paid with this payment.',
};

/** Every code that a refund can have. */
export const REFUND_CODES = [
  'expired',
  'seats_lost',
  'cancelled',
  'already_paid',
  'not_payable',
] as const satisfies readonly RefusalReason[];

/** Why money goes back: a code for programs and a text for people. */
export interface RefundReason {
  readonly code: RefusalReason;
  readonly text: string;
}

/** The reason of a code; whoever asks for a refund may say more in words of their own. */
export const refundReason = (code: RefusalReason, text = REASONS[code]): RefundReason => ({ code, text });

/** Money on its way back to a customer, or back. */
export interface Refund {
  readonly refundId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  readonly reason: RefundReason;
  /** PENDING is a debt: the provider has not said yet that it is paid. */
  readonly status: 'PENDING' | 'SUCCEEDED';
  /** The key under which the provider knows the refund. */
  readonly idempotencyKey: string;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}
