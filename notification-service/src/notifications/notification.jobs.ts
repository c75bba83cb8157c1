import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Hands one message over to a transport. */
export const deliverNotification = defineJob(
  'deliver-notification',
  z.strictObject({ message_id: z.uuid() }),
);
