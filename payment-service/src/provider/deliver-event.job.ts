import { handleJob, type JobHandler } from '@flight-booking/platform';
import { deliverEvent } from './provider.jobs.js';
import type { WebhookSender } from './webhook-sender.js';

/** Lets the mock provider tell of an event until somebody acknowledges it. */
export const deliverEventHandler = (webhooks: WebhookSender): JobHandler =>
  handleJob(deliverEvent, ({ event_id: eventId }) => webhooks.deliver(eventId));
