import { defineJob, id } from '@flight-booking/platform';
import { z } from 'zod';

const payload = z.strictObject({ payment_id: id });

/** Finds out from the provider what became of a charge. */
export const settlePayment = defineJob('settle-payment', payload);

/** Tells booking-service that a booking is paid, and gives the money back if it does not take it. */
export const confirmPayment = defineJob('confirm-payment', payload);
