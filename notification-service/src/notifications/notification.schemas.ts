import {
  id,
  idText,
  instant,
  lineOfText,
  nextCursor,
  pageQuery,
  paragraphs,
} from '@flight-booking/contracts';
import { z } from 'zod';

const channel = z.enum(['email', 'sms']);
const status = z.enum(['QUEUED', 'SENT', 'FAILED']);

/** Body that asks for a message to be sent. */
export const sendRequest = z.strictObject({
  user_id: id.optional(),
  message: paragraphs(1, 2_000),
  channel: channel.default('email'),
  /** Of an e-mail. */
  subject: lineOfText(1, 150).optional(),
});

/** The message is queued. */
export const sendAnswer = z.strictObject({ notification_id: id, status });

/** A message as its reader sees it. */
export const notification = z.strictObject({
  notification_id: id,
  user_id: id,
  channel,
  recipient: z.string(),
  subject: z.string().optional(),
  message: z.string(),
  booking_id: id.optional(),
  event: z.string().optional(),
  status,
  failure_reason: z.string().optional(),
  created_at: instant,
  sent_at: instant.optional(),
});

/** Path that names a message. */
export const notificationParams = z.strictObject({ id: idText });

/** Query of a list. Newest come first, and a cursor hides the id of the last one of a page. */
export const notificationQuery = pageQuery(20);

/** One page of messages. */
export const notificationPage = z.strictObject({
  notifications: z.array(notification),
  next_cursor: nextCursor,
});
