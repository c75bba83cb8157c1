import { takeBackJobSql, type Queries } from '@flight-booking/platform';
import { deliverNotificationKey } from '../notifications/notification.jobs.js';
import {
  statusesBefore,
  type Channel,
  type DeliveryClaim,
  type NotificationStatus,
} from '../notifications/notification.js';
import { claimFor, type OutgoingMessage, type Transports } from './mail-transport.js';

/** A message that the caller alone may hand over for now, and the attempt that this is. */
export interface ClaimedMessage extends OutgoingMessage {
  readonly notificationId: number;
  readonly channel: Channel;
  readonly attempt: number;
  /** The same, counted from when somebody last had the message tried again. */
  readonly attemptSinceRetry: number;
}

const CLAIM = {
  name: 'claim-notification',
  text: `with claimed as (
      update notifications set attempts = attempts + 1,
        claimed_until = now() + ($2::jsonb -> channel -> 'lastsMs')::integer * interval '1 millisecond'
      where message_id = $1 and status = 'QUEUED' and (claimed_until is null or claimed_until <= now())
      returning *),
    started as (
      insert into deliveries (notification_id, attempt, transport)
      select notification_id, attempts, ($2::jsonb -> channel ->> 'transport') from claimed)
    select notification_id as "notificationId", attempts as attempt,
      attempts - attempts_forgiven as "attemptSinceRetry", message_id as "messageId", channel,
      recipient, subject, body_text as "text", body_html as html
    from claimed`,
};

/**
 * A message that was taken over is sent, however late that is told; only the latest attempt may give one up. Whichever
 * ends it takes back the job that nobody has begun, and an attempt that changes nothing leaves it.
 */
const FINISH = {
  name: 'finish-notification',
  text: `with finished as (
      update deliveries set outcome = $3, detail = $4, finished_at = now()
      where notification_id = $1 and attempt = $2),
    ended as (
      update notifications
      set status = $5, failure_reason = $6, finished_at = now(), claimed_until = null
      where notification_id = $1 and status = any($7) and ($5 = 'SENT' or attempts = $2)
      returning notification_id),
    taken_back as (${takeBackJobSql('(select $8::text from ended)')})
    select notification_id from ended`,
};

/** The claim is given up only by who holds it: after its end, it may be another's. */
const FAIL_FOR_NOW = {
  name: 'fail-delivery-for-now',
  text: `with finished as (
      update deliveries set outcome = 'FAILED', detail = $3, finished_at = now()
      where notification_id = $1 and attempt = $2)
    update notifications set claimed_until = null
    where notification_id = $1 and attempts = $2 and status = 'QUEUED'`,
};

/** Attempts at delivery. */
export class DeliveryRepository {
  /**
   * Claims a message for an attempt, and records that it began.
   * @returns undefined when it needs none or another attempt is under way
   */
  async claim(
    queries: Queries,
    messageId: string,
    { email, sms }: Transports,
  ): Promise<ClaimedMessage | undefined> {
    const claims: Readonly<Record<Channel, DeliveryClaim>> = { email: claimFor(email), sms: claimFor(sms) };
    return queries.maybeRow<ClaimedMessage>(CLAIM, [messageId, JSON.stringify(claims)]);
  }

  async isQueued(queries: Queries, messageId: string): Promise<boolean> {
    const found = await queries.maybeRow<{ status: NotificationStatus }>(
      'select status from notifications where message_id = $1',
      [messageId],
    );
    return found?.status === 'QUEUED';
  }

  /** The message was taken over. */
  async succeed(queries: Queries, claimed: ClaimedMessage, detail: string): Promise<void> {
    await this.finish(queries, claimed, ['DELIVERED', detail, 'SENT', null]);
  }

  /** The attempt failed and there will be no other. */
  async giveUp(queries: Queries, claimed: ClaimedMessage, reason: string): Promise<void> {
    await this.finish(queries, claimed, ['FAILED', reason, 'FAILED', reason]);
  }

  /** The attempt failed and there will be another. */
  async failForNow(
    queries: Queries,
    { notificationId, attempt }: ClaimedMessage,
    reason: string,
  ): Promise<void> {
    await queries.execute(FAIL_FOR_NOW, [notificationId, attempt, reason]);
  }

  private async finish(
    queries: Queries,
    { notificationId, messageId, attempt }: ClaimedMessage,
    [outcome, detail, status, reason]: [string, string, NotificationStatus, string | null],
  ): Promise<void> {
    await queries.execute(FINISH, [
      notificationId,
      attempt,
      outcome,
      detail,
      status,
      reason,
      statusesBefore(status),
      deliverNotificationKey(messageId),
    ]);
  }
}
