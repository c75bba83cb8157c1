import type { Database, JobQueue } from '@flight-booking/platform';
import { deliverNotification, deliverNotificationKey } from '../notifications/notification.jobs.js';
import type { ClaimedMessage, DeliveryRepository } from './delivery.repository.js';
import { MessageRefused, type Transports } from './mail-transport.js';

/** Somebody else is handing the message over, or died while doing so; the job looks again later. */
export class DeliveryUnderWay extends Error {
  override readonly name = 'DeliveryUnderWay';
}

const MAX_DETAIL_LENGTH = 500;
/** How soon a message is tried again whose first attempt failed. */
const SECOND_ATTEMPT_AFTER_MS = 2_000;

/**
 * Hands messages over, at least once. Two attempts at one message never run at the same time, but a process
 * that dies between the server's answer and the record of it leaves a message that is sent again, under the
 * same Message-ID.
 */
export class DeliveryService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly transports: Transports,
    private readonly maxAttempts: number,
    private readonly jobs: JobQueue,
  ) {}

  /** Claims a message and makes one attempt. @throws when another one is needed */
  async deliver(messageId: string): Promise<void> {
    const claimed = await this.deliveries.claim(this.database, messageId, this.transports);
    if (claimed === undefined) return this.requireFinished(messageId);
    await this.attempt(claimed);
  }

  /** Makes the attempt that a message is claimed for. @throws when another one is needed */
  async attempt(claimed: ClaimedMessage): Promise<void> {
    let receipt: string;
    try {
      receipt = await this.transports[claimed.channel].send(claimed);
    } catch (error) {
      return this.fail(claimed, error);
    }
    await this.deliveries.succeed(this.database, claimed, oneLine(receipt));
  }

  /** Brings the job of a message forward that is due only when the claim on it would have ended. */
  async tryAgainSoon(messageId: string): Promise<void> {
    const options = { key: deliverNotificationKey(messageId), afterMs: SECOND_ATTEMPT_AFTER_MS };
    await this.jobs.add(this.database, deliverNotification, { message_id: messageId }, options);
  }

  private async requireFinished(messageId: string): Promise<void> {
    if (await this.deliveries.isQueued(this.database, messageId))
      throw new DeliveryUnderWay(`Message ${messageId} is being delivered by somebody else.`);
  }

  private async fail(claimed: ClaimedMessage, error: unknown): Promise<void> {
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    if (error instanceof MessageRefused || claimed.attemptSinceRetry >= this.maxAttempts) {
      await this.deliveries.giveUp(this.database, claimed, reason);
      return;
    }
    await this.deliveries.failForNow(this.database, claimed, reason);
    throw error;
  }
}

/** What a mail server says is kept as one line, of a length that we choose. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, MAX_DETAIL_LENGTH);
