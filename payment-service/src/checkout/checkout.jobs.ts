import { defineJob, id } from '@flight-booking/platform';
import { z } from 'zod';
import type { Payment } from '../payments/payment.js';

const payload = z.strictObject({ payment_id: id });

/** By which name the provider, and so the jobs of a payment, know it; it is there before the row is. */
type Keyed = Pick<Payment, 'idempotencyKey'>;

/** Finds out from the provider what became of a charge. */
export const settlePayment = defineJob('settle-payment', payload);

/** Of the job that the payment began with; it is taken back once the provider took what it was asked for. */
export const settlePaymentKey = ({ idempotencyKey }: Keyed): string => `settle-payment:${idempotencyKey}`;

/** Tells booking-service that a booking is paid, and gives the money back if it does not take it. */
export const confirmPayment = defineJob('confirm-payment', payload);

/** Of the one job of a payment; it is taken back once the booking has taken the payment. */
export const confirmPaymentKey = ({ idempotencyKey }: Keyed): string => `confirm-payment:${idempotencyKey}`;
