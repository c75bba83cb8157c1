/**
 * Where money can be. Debits are positive, credits negative.
 *
 * - `provider_clearing`: what the provider holds for us; an asset.
 * - `customer_deposits`: captured, and no booking has taken it yet; a liability.
 * - `booking_sales`: captured for bookings that are confirmed.
 * - `refunds_payable`: decided to go back, and not gone yet; a liability.
 */
export type Account = 'provider_clearing' | 'customer_deposits' | 'booking_sales' | 'refunds_payable';

/** What can happen to money. */
export type PostingKind = 'CAPTURE' | 'SALE' | 'REFUND_OWED' | 'REFUND_PAID';

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

/** It was decided that money goes back; it comes from wherever it was. */
export const refundOwedPosting = (
  paymentId: number,
  refundId: number,
  amountPaise: number,
  sold: boolean,
): Posting => ({
  kind: 'REFUND_OWED',
  paymentId,
  refundId,
  debit: sold ? 'booking_sales' : 'customer_deposits',
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
