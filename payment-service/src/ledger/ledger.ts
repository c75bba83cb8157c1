/**
 * Where money can be. Debits are positive, credits negative.
 *
 * - `provider_clearing`: what the provider holds for us; an asset.
 * - `customer_deposits`: captured, and no booking has taken it yet; a liability.
 * - `booking_sales`: captured for bookings that are confirmed.
 * - `cancellation_fees`: kept when a booking was cancelled and the rest went back.
 * - `refunds_payable`: decided to go back, and not gone yet; a liability.
 */
export type Account =
  'provider_clearing' | 'customer_deposits' | 'booking_sales' | 'cancellation_fees' | 'refunds_payable';

/** What can happen to money. */
export type PostingKind = 'CAPTURE' | 'SALE' | 'CANCELLATION_FEE' | 'REFUND_OWED' | 'REFUND_PAID';

/** One movement of money from the credited to the debited account. */
export interface Posting {
  readonly kind: PostingKind;
  readonly paymentId: number;
  readonly refundId?: number;
  readonly debit: Account;
  readonly credit: Account;
  readonly amountPaise: number;
}

/** The provider took money from a customer. */
export const capturePosting = (paymentId: number, amountPaise: number): Posting => ({
  kind: 'CAPTURE',
  paymentId,
  debit: 'provider_clearing',
  credit: 'customer_deposits',
  amountPaise,
});

/** A booking was confirmed with the money of a payment. */
export const salePosting = (paymentId: number, amountPaise: number): Posting => ({
  kind: 'SALE',
  paymentId,
  debit: 'customer_deposits',
  credit: 'booking_sales',
  amountPaise,
});

/** A cancelled booking does not give everything back; what is kept comes from wherever it was. */
export const cancellationFeePosting = (paymentId: number, from: Account, amountPaise: number): Posting => ({
  kind: 'CANCELLATION_FEE',
  paymentId,
  debit: from,
  credit: 'cancellation_fees',
  amountPaise,
});

/** It was decided that money goes back; it comes from wherever it was. */
export const refundOwedPosting = (
  paymentId: number,
  refundId: number,
  amountPaise: number,
  from: Account,
): Posting => ({
  kind: 'REFUND_OWED',
  paymentId,
  refundId,
  debit: from,
  credit: 'refunds_payable',
  amountPaise,
});

/** The provider gave money back. */
export const refundPaidPosting = (paymentId: number, refundId: number, amountPaise: number): Posting => ({
  kind: 'REFUND_PAID',
  paymentId,
  refundId,
  debit: 'refunds_payable',
  credit: 'provider_clearing',
  amountPaise,
});
