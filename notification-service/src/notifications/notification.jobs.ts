import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Most attempts at a message that the configuration may ask for. */
export const MOST_DELIVERY_ATTEMPTS = 1_000;

/**
 * Hands one message over to a transport. The message itself counts its attempts and fails visibly after the last; the
 * job outlives it, because a try that finds another one under way is no attempt.
 */
export const deliverNotification = defineJob(
  'deliver-notification',
  z.strictObject({ message_id: z.uuid() }),
  { maxAttempts: 2 * MOST_DELIVERY_ATTEMPTS },
);

/** By this the job of a message is taken back, or brought forward, that its first attempt has made needless or urgent. */
export const deliverNotificationKey = (messageId: string): string => `deliver-notification:${messageId}`;
