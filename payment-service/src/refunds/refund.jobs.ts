import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Has the provider give back what is owed. */
export const payRefund = defineJob('pay-refund', z.strictObject({ refund_id: id }));
