import { randomUUID } from 'node:crypto';
import type { Database, Lifecycle, Logger } from '@flight-booking/platform';
import type { NewNotification, Notification } from '../notifications/notification.js';
import type { NotificationRepository } from '../notifications/notification.repository.js';
import type { DeliveryService } from './delivery.service.js';
import { claimFor, type Transports } from './mail-transport.js';

/** How new messages are handed over. */
export interface FirstAttemptsOptions {
  readonly transports: Transports;
  /** How many this process hands over at once by itself; further ones wait for the queue. */
  readonly maxAtOnce: number;
}

/**
 * Queues messages, and hands each over at once rather than by its job: the statement that queues a message claims it for
 * this process, and the one that records that it was sent takes the job back, which is due when the claim ends. So a
 * process that dies anywhere leaves what one leaves that dies over a job: a claim that ends, and a job that comes then.
 * While as many are under way as may be, messages wait for the queue.
 */
export class FirstAttempts implements Lifecycle {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationRepository,
    private readonly deliveries: DeliveryService,
    private readonly options: FirstAttemptsOptions,
    private readonly logger: Logger,
  ) {}

  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Waits for the attempts that are under way. */
  async stop(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /**
   * Queues a message; handing it over is not waited for.
   * @returns undefined when the customer is told of the same thing on the same channel already
   */
  queue(message: NewNotification): Promise<Notification | undefined> {
    const messageId = randomUUID();
    const { maxAtOnce, transports } = this.options;
    if (this.underWay.size >= maxAtOnce) return this.notifications.queue(this.database, messageId, message);
    const claim = claimFor(transports[message.channel]);
    const queueing = this.notifications.queue(this.database, messageId, message, claim);
    const attempt: Promise<void> = queueing
      .then(
        (queued) => queued && this.handOver(messageId, message, queued),
        // Whoever asked is told why there is no message.
        () => undefined,
      )
      .finally(() => this.underWay.delete(attempt));
    this.underWay.add(attempt);
    return queueing;
  }

  private async handOver(
    messageId: string,
    { channel, recipient, subject, text, html }: NewNotification,
    { notificationId }: Notification,
  ): Promise<void> {
    const message = { messageId, channel, recipient, subject: subject ?? null, text, html: html ?? null };
    try {
      await this.deliveries.attempt({ ...message, notificationId, attempt: 1, attemptSinceRetry: 1 });
    } catch (error) {
      this.logger.warn({ err: error, message_id: messageId }, 'a message will be handed over again');
      await this.deliveries.tryAgainSoon(messageId).catch((reason: unknown) => {
        this.logger.warn({ err: reason, message_id: messageId }, 'a message waits until its claim ends');
      });
    }
  }
}
