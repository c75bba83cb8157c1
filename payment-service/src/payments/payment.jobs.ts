import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** At a quarter of a minute between attempts, weeks: money is not given up on because a neighbour is away. */
export const MONEY_MAX_ATTEMPTS = 30_000;

const payload = z.strictObject({ payment_id: id });
const options = { maxAttempts: MONEY_MAX_ATTEMPTS };

/** Finds out from the provider what became of a charge. */
export const settlePayment = defineJob('settle-payment', payload, options);

/** Tells booking-service that a booking is paid, and gives the money back if it does not take it. */
export const confirmPayment = defineJob('confirm-payment', payload, options);
