import { EventInbox, ServiceKit, type Surroundings, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { deliverNotificationHandler } from './delivery/deliver-notification.job.js';
import { DeliveryRepository } from './delivery/delivery.repository.js';
import { DeliveryService } from './delivery/delivery.service.js';
import { FirstAttempts } from './delivery/first-attempts.js';
import type { Transports } from './delivery/mail-transport.js';
import { LogTransport } from './delivery/log-transport.js';
import { SmtpTransport } from './delivery/smtp-transport.js';
import { bookingEventConsumers } from './notifications/booking-events.consumer.js';
import { NotificationController } from './notifications/notification.controller.js';
import { NotificationRepository } from './notifications/notification.repository.js';
import { NotificationService } from './notifications/notification.service.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineRepository } from './timeline/timeline.repository.js';
import { TimelineService } from './timeline/timeline.service.js';

/** Builds notification-service. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('notification-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const rows = new NotificationRepository();
  const transports = transportsOf(kit, config);
  const deliveries = new DeliveryService(
    database,
    new DeliveryRepository(),
    transports,
    config.DELIVERY_ATTEMPTS,
    kit.jobs,
  );
  const options = { transports, maxAtOnce: config.JOB_CONCURRENCY };
  const firstAttempts = new FirstAttempts(database, rows, deliveries, options, kit.logger);
  const notifications = new NotificationService(database, rows, kit.add(firstAttempts));
  kit.jobRunner(database, config, [deliverNotificationHandler(deliveries)]);
  return kit.service([
    kit.stuckJobs(database, '/api/notifications'),
    new NotificationController(notifications),
    new TimelineController(new TimelineService(database, new TimelineRepository())),
    new EventInbox(database, bookingEventConsumers(notifications)),
  ]);
}

function transportsOf(
  kit: ServiceKit,
  { SMTP_URL: url, MAIL_FROM: from, JOB_CONCURRENCY }: Config,
): Transports {
  const log = new LogTransport(kit.logger);
  if (url === undefined) return { email: log, sms: log };
  // As many messages are handed over by jobs as right after they were queued.
  return { email: kit.add(new SmtpTransport({ url, from, connections: 2 * JOB_CONCURRENCY })), sms: log };
}
