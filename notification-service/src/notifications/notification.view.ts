import type { z } from 'zod';
import type { Notification } from './notification.js';
import type { notification } from './notification.schemas.js';

/** A message as it goes over the wire. */
export const toNotificationView = (row: Notification): z.input<typeof notification> => ({
  notification_id: row.notificationId,
  user_id: row.userId,
  channel: row.channel,
  recipient: row.recipient,
  ...(row.subject !== null && { subject: row.subject }),
  message: row.text,
  ...(row.bookingId !== null && { booking_id: row.bookingId }),
  ...(row.eventType !== null && { event: row.eventType }),
  status: row.status,
  ...(row.failureReason !== null && { failure_reason: row.failureReason }),
  created_at: row.createdAt.toISOString(),
  ...(row.status === 'SENT' && row.finishedAt !== null && { sent_at: row.finishedAt.toISOString() }),
});
