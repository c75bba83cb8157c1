import { handleJob, type JobHandler } from '@flight-booking/platform';
import { deliverNotification } from '../notifications/notification.jobs.js';
import type { DeliveryService } from './delivery.service.js';

/** Delivers queued messages. */
export const deliverNotificationHandler = (deliveries: DeliveryService): JobHandler =>
  handleJob(deliverNotification, ({ message_id: messageId }) => deliveries.deliver(messageId));
