import { addJobSql, addJobValues, type Queries } from '@flight-booking/platform';
import { deliverNotification, deliverNotificationKey } from './notification.jobs.js';
import {
  statusesBefore,
  type DeliveryClaim,
  type NewNotification,
  type Notification,
} from './notification.js';

const COLUMNS = `notification_id as "notificationId", user_id as "userId", channel, recipient, subject,
  body_text as "text", booking_id as "bookingId", event_type as "eventType", status,
  failure_reason as "failureReason", created_at as "createdAt", finished_at as "finishedAt"`;

/**
 * Row and job are one statement: there is never one without the other, and it costs one round trip. The same statement
 * may begin the first attempt.
 */
const QUEUE = {
  name: 'queue-notification',
  text: `with queued as (
      insert into notifications
        (message_id, user_id, channel, recipient, subject, body_text, body_html, booking_id, event_id, event_type,
         occasion, attempts, claimed_until)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
        case when $12::text is null then 0 else 1 end, now() + $13::integer * interval '1 millisecond')
      on conflict do nothing
      returning *),
    started as (
      insert into deliveries (notification_id, attempt, transport)
      select notification_id, attempts, $12 from queued where $12 is not null)
    select ${COLUMNS} from queued
    cross join lateral ${addJobSql(`json_build_object('message_id', message_id)`, 14)}`,
};

const FIND = {
  name: 'find-notification',
  text: `select ${COLUMNS} from notifications where notification_id = $1 and user_id = $2`,
};

const LIST = {
  name: 'list-notifications',
  text: `select ${COLUMNS} from notifications
         where user_id = $1 and notification_id < coalesce($2, 9223372036854775807)
         order by notification_id desc limit $3`,
};

const LIST_FAILED = {
  name: 'list-failed-notifications',
  text: `select ${COLUMNS} from notifications
         where status = 'FAILED' and notification_id < coalesce($1, 9223372036854775807)
         order by notification_id desc limit $2`,
};

/** Row and job are one statement here too; of many who ask at once, one puts the message back. */
const RETRY = {
  name: 'retry-notification',
  text: `with retried as (
      update notifications
      set status = 'QUEUED', failure_reason = null, finished_at = null, attempts_forgiven = attempts,
        retried_at = now()
      where notification_id = $1 and status = any($2)
      returning message_id, ${COLUMNS})
    select retried.* from retried
    cross join lateral ${addJobSql(`json_build_object('message_id', message_id)`, 3)}`,
};

const ANY = {
  name: 'find-any-notification',
  text: `select ${COLUMNS} from notifications where notification_id = $1`,
};

const LAST_ADDRESS = {
  name: 'find-last-address',
  text: `select recipient from notifications where user_id = $1 and channel = 'email'
         order by notification_id desc limit 1`,
};

/** Messages and the jobs that deliver them. */
export class NotificationRepository {
  /**
   * Queues a message for delivery.
   * @param claim begins the first attempt for the caller; the job is due when that must have ended. Without a claim it is
   *   due at once
   * @returns undefined when the customer is told of the same thing on the same channel already
   */
  async queue(
    queries: Queries,
    messageId: string,
    { userId, channel, recipient, subject, text, html, about }: NewNotification,
    claim?: DeliveryClaim,
  ): Promise<Notification | undefined> {
    const key = deliverNotificationKey(messageId);
    return queries.maybeRow<Notification>(QUEUE, [
      messageId,
      userId,
      channel,
      recipient,
      subject ?? null,
      text,
      html ?? null,
      about?.bookingId ?? null,
      about?.eventId ?? null,
      about?.eventType ?? null,
      about?.occasion ?? '',
      claim?.transport ?? null,
      claim?.lastsMs ?? null,
      ...addJobValues(deliverNotification, claim === undefined ? { key } : { key, afterMs: claim.lastsMs }),
    ]);
  }

  async find(queries: Queries, notificationId: number, userId: number): Promise<Notification | undefined> {
    return queries.maybeRow<Notification>(FIND, [notificationId, userId]);
  }

  /** A user's messages, newest first. @param before id of the last message of the page before */
  async list(
    queries: Queries,
    userId: number,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<Notification[]> {
    return queries.rows<Notification>(LIST, [userId, before ?? null, limit]);
  }

  /** Everybody's messages that were given up, newest first. */
  async listFailed(
    queries: Queries,
    { limit, before }: { readonly limit: number; readonly before: number | undefined },
  ): Promise<Notification[]> {
    return queries.rows<Notification>(LIST_FAILED, [before ?? null, limit]);
  }

  /**
   * Queues a message again that was given up, with all its attempts.
   * @returns undefined when there is none, or it was not given up
   */
  async retry(queries: Queries, notificationId: number): Promise<Notification | undefined> {
    return queries.maybeRow<Notification>(RETRY, [
      notificationId,
      statusesBefore('QUEUED'),
      ...addJobValues(deliverNotification),
    ]);
  }

  /** Anybody's message. */
  async findAny(queries: Queries, notificationId: number): Promise<Notification | undefined> {
    return queries.maybeRow<Notification>(ANY, [notificationId]);
  }

  /** Where the user's latest e-mail went. */
  async lastAddress(queries: Queries, userId: number): Promise<string | undefined> {
    return (await queries.maybeRow<{ recipient: string }>(LAST_ADDRESS, [userId]))?.recipient;
  }
}
