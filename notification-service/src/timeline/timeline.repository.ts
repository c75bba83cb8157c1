import type { Queries } from '@flight-booking/platform';
import type { Channel, NotificationStatus } from '../notifications/notification.js';

/** A message about a booking, and when what happened to it. */
export interface MessageHistory {
  readonly channel: Channel;
  readonly subject: string | null;
  readonly eventType: string;
  readonly status: NotificationStatus;
  readonly createdAt: Date;
  readonly retriedAt: Date | null;
  readonly finishedAt: Date | null;
  /** When and why the last attempt before a retry failed. */
  readonly givenUpAt: Date | null;
  readonly givenUpBecause: string | null;
  readonly failureReason: string | null;
}

const HISTORY = {
  name: 'message-history-of-booking',
  text: `
    select channel, subject, event_type as "eventType", status, created_at as "createdAt",
      retried_at as "retriedAt", notifications.finished_at as "finishedAt",
      given_up.finished_at as "givenUpAt", given_up.detail as "givenUpBecause", failure_reason as "failureReason"
    from notifications
    left join deliveries as given_up
      on given_up.notification_id = notifications.notification_id and given_up.attempt = attempts_forgiven
    where booking_id = $1
    order by notifications.notification_id`,
};

/** Reads what became of the messages about a booking. */
export class TimelineRepository {
  async ofBooking(queries: Queries, bookingId: number): Promise<MessageHistory[]> {
    return queries.rows<MessageHistory>(HISTORY, [bookingId]);
  }
}
