import type { Account } from '../ledger/ledger.js';
import type { Payment, RefusalReason } from '../payments/payment.js';

/**
 * What a refund is for: booking-service did not take the payment, or cancelled the booking later; `fee_returned` on top
 * of that, because the fee was not kept after all; an `operator` gave back what was left; or a `correction` of what had
 * gone back too little.
 */
export type RefundCode = RefusalReason | 'fee_returned' | 'operator' | 'correction';

/** How customers are told. */
const REASONS: Readonly<Record<RefundCode, string>> = {
  expired: 'The booking had expired when the payment came.',
  seats_lost: 'The seats were no longer free when the payment came.',
  cancelled: 'The booking was cancelled.',
  already_paid: 'The booking was paid already.',
  not_payable: 'The booking could not be paid with this payment.',
  amount_mismatch: 'The payment was not of the amount that was due.',
  fee_returned: 'Customer service gave the cancellation fee back.',
  operator: 'Customer service gave the money back.',
  correction: 'More was due than had been given back.',
};

/** Every code that a refund can have. */
export const REFUND_CODES = Object.keys(REASONS) as [RefundCode, ...RefundCode[]];

/** Why money goes back: a code for programs and a text for people. */
export interface RefundReason {
  readonly code: RefundCode;
  readonly text: string;
}

/** The reason of a code; whoever asks for a refund may say more in words of their own. */
export const refundReason = (code: RefundCode, text = REASONS[code]): RefundReason => ({ code, text });

/** The life of a refund; see {@link Refund}. */
export const REFUND_STATUSES = ['PENDING', 'SUCCEEDED', 'STUCK'] as const;
/** See {@link REFUND_STATUSES}. */
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** Money on its way back to a customer, or back. */
export interface Refund {
  readonly refundId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  readonly reason: RefundReason;
  /** PENDING is a debt: the provider has not said yet that it is paid. STUCK is one that only an operator goes on with. */
  readonly status: RefundStatus;
  /** The key under which the provider knows the first attempt. */
  readonly idempotencyKey: string;
  readonly stuckReason: string | null;
  /** Whether another attempt may begin by now. */
  readonly due: boolean;
  /** How many attempts there were before an operator last started it again. */
  readonly attemptsBefore: number;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}

/**
 * One time that the provider is asked for a refund, under a key of its own. It is PENDING until the provider says
 * what became of it, and no other begins before it has FAILED: a request that is still on its way can then only
 * make what has failed already.
 */
export interface RefundAttempt {
  readonly refundId: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  /** The provider's own name for it, once it has accepted it. */
  readonly providerRefundId: string | null;
  readonly failureReason: string | null;
  readonly createdAt: Date;
  readonly acceptedAt: Date | null;
  readonly endedAt: Date | null;
}

/**
 * Where the money of a payment lies that was neither given back nor is owed back. What is kept when some of it goes
 * back is a cancellation fee.
 */
export function accountOfRest({ refundedPaise, confirmedAt }: Payment): Account {
  if (refundedPaise > 0) return 'cancellation_fees';
  return confirmedAt === null ? 'customer_deposits' : 'booking_sales';
}
