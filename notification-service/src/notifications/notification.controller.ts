import { cursorAfter } from '@flight-booking/contracts';
import { UserMismatch, defineRoute, reply, type Route } from '@flight-booking/platform';
import { AddressUnknown, NotificationNotFound } from './notification.errors.js';
import {
  notification,
  notificationPage,
  notificationParams,
  notificationQuery,
  sendAnswer,
  sendRequest,
  toWire,
} from './notification.schemas.js';
import type { NotificationService } from './notification.service.js';

/** Sending messages and reading one's own. */
export class NotificationController {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/notifications/send',
      operation: 'sendNotification',
      summary: 'Send a message to oneself; an administrator, to anybody',
      description:
        'The message is queued and delivered soon after. An e-mail to oneself goes to the address of the account; one from an administrator to another user goes where the latest e-mail to that user went.',
      tag: 'Notifications',
      auth: 'user',
      input: { body: sendRequest },
      output: { 202: sendAnswer },
      problems: [UserMismatch, AddressUnknown],
      handler: async ({ principal, body: { user_id: userId, channel, subject, message } }) => {
        const queued = await this.notifications.send(principal, { userId, channel, subject, message });
        return reply(202, { notification_id: queued.notificationId, status: queued.status });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/notifications',
      operation: 'listNotifications',
      summary: "One's own messages, newest first",
      tag: 'Notifications',
      auth: 'user',
      input: { query: notificationQuery },
      output: { 200: notificationPage },
      handler: async ({ principal, query: { limit, cursor } }) => {
        const { notifications, more } = await this.notifications.list(principal.userId, limit, cursor);
        const last = notifications.at(-1);
        return reply(200, {
          notifications: notifications.map(toWire),
          next_cursor: more && last !== undefined ? cursorAfter(last.notificationId) : null,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/notifications/:id',
      operation: 'getNotification',
      summary: "One of one's own messages, and what became of it",
      tag: 'Notifications',
      auth: 'user',
      input: { params: notificationParams },
      output: { 200: notification },
      problems: [NotificationNotFound],
      handler: async ({ principal, params }) =>
        reply(200, toWire(await this.notifications.require(principal.userId, params.id))),
    }),
  ];

  constructor(private readonly notifications: NotificationService) {}
}
