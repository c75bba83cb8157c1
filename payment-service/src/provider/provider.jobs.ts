import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

const byKey = z.strictObject({ idempotency_key: z.string() });

/** The mock provider decides a charge whose time has come. */
export const decideCharge = defineJob('provider-decide-charge', byKey);

/** The mock provider decides a refund whose time has come. */
export const decideRefund = defineJob('provider-decide-refund', byKey);

/** The mock provider tells of an event by webhook. */
export const deliverEvent = defineJob('provider-deliver-event', z.strictObject({ event_id: z.string() }));
