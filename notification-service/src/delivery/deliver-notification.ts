import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** More than `DELIVERY_ATTEMPTS` may be, for an attempt that finds another one under way counts here alone. */
const MAX_ATTEMPTS = 1_000;

/** Hands one message over to a transport. */
export const deliverNotification = defineJob(
  'deliver-notification',
  z.strictObject({ message_id: z.uuid() }),
  { maxAttempts: MAX_ATTEMPTS },
);
