import { defineJob, id } from '@flight-booking/platform';
import { z } from 'zod';

const payload = z.strictObject({ refund_id: id });

/** Has the provider give back what is owed. */
export const payRefund = defineJob('pay-refund', payload);

/** Finds out from the provider what became of a refund that it has been asked for. */
export const settleRefund = defineJob('settle-refund', payload);
