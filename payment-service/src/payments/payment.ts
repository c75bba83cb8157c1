import type { PaymentReturnReason } from '@flight-booking/contracts';
import type { PaymentMethod } from '../provider/payment-provider.js';

/**
 * The life of a payment. It is PROCESSING until the provider says what became of the charge. SUCCEEDED means
 * that money came in; if booking-service does not take it all of it goes back, and if the booking is cancelled as
 * much as that says: REFUNDING until the provider has done so, then REFUNDED or PARTIALLY_REFUNDED. FAILED means
 * that no money came in so far: a provider may still change its mind, and what then comes in is kept if the booking
 * can use it and otherwise returned.
 */
export const PAYMENT_MOVES = {
  PROCESSING: ['SUCCEEDED', 'FAILED'],
  FAILED: ['SUCCEEDED', 'REFUNDING'],
  SUCCEEDED: ['REFUNDING'],
  REFUNDING: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['REFUNDING'],
  REFUNDED: [],
} as const satisfies Record<string, readonly string[]>;

/** See {@link PAYMENT_MOVES}. */
export type PaymentStatus = keyof typeof PAYMENT_MOVES;

/** @throws Error when a payment cannot make this move, which is a fault of ours */
export function requireMove(from: PaymentStatus, to: PaymentStatus): void {
  const moves: readonly PaymentStatus[] = PAYMENT_MOVES[from];
  if (!moves.includes(to)) throw new Error(`A payment cannot go from ${from} to ${to}.`);
}

/** Why a payment that came in is not kept. Of another amount than was asked for, booking-service is not told. */
export type RefusalReason = PaymentReturnReason | 'not_payable' | 'amount_mismatch';

/** An attempt to pay for a booking. */
export interface Payment {
  readonly paymentId: number;
  readonly bookingId: number;
  readonly userId: number;
  readonly amountPaise: number;
  readonly methodToken: string;
  readonly cardLastFour: string | null;
  /** The key under which the provider knows the charge. */
  readonly idempotencyKey: string;
  readonly status: PaymentStatus;
  readonly chargeId: string | null;
  /** Where the customer approves the charge, if that was asked for. */
  readonly challengeUrl: string | null;
  readonly capturedPaise: number;
  /** Owed back or given back. */
  readonly refundedPaise: number;
  readonly declineReason: string | null;
  /** As booking-service last told it to us. */
  readonly bookingStatus: string;
  /** When booking-service took this payment. */
  readonly confirmedAt: Date | null;
  readonly refusalReason: RefusalReason | null;
  readonly createdAt: Date;
  readonly capturedAt: Date | null;
}

/** A payment that is about to be tried. */
export interface NewPayment {
  readonly bookingId: number;
  readonly userId: number;
  readonly amountPaise: number;
  readonly method: PaymentMethod;
}

/** What came in and is not owed back. */
export const refundablePaise = (payment: Payment): number => payment.capturedPaise - payment.refundedPaise;

/** Whether booking-service has yet to be told, or to answer, that money came in. */
export const awaitsBooking = (payment: Payment): boolean =>
  payment.status === 'SUCCEEDED' && payment.confirmedAt === null;
