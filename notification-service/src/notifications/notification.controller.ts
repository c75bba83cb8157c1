import { UserMismatch, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { AddressUnknown, NotificationNotFound, NotificationSent } from './notification.errors.js';
import {
  notification,
  notificationPage,
  notificationParams,
  notificationQuery,
  sendAnswer,
  sendRequest,
} from './notification.schemas.js';
import type { NotificationService } from './notification.service.js';
import { toNotificationView } from './notification.view.js';

/** Sending messages and reading one's own, and for operators what was given up. */
export class NotificationController implements RouteSource {
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
        const page = await this.notifications.list(principal.userId, limit, cursor);
        return reply(200, {
          notifications: page.items.map(toNotificationView),
          next_cursor: page.nextCursor,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/notifications/failed',
      operation: 'listFailedNotifications',
      summary: "Everybody's messages that could not be delivered, newest first",
      tag: 'Operations',
      auth: 'admin',
      input: { query: notificationQuery },
      output: { 200: notificationPage },
      handler: async ({ query: { limit, cursor } }) => {
        const page = await this.notifications.listFailed(limit, cursor);
        return reply(200, {
          notifications: page.items.map(toNotificationView),
          next_cursor: page.nextCursor,
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/notifications/:id/retry',
      operation: 'retryNotification',
      summary: 'Have a message that could not be delivered tried again',
      description: 'It gets all its attempts anew. One that is on its way already stays so.',
      tag: 'Operations',
      auth: 'admin',
      input: { params: notificationParams },
      output: { 202: sendAnswer },
      problems: [NotificationNotFound, NotificationSent],
      handler: async ({ params }) => {
        const { notificationId, status } = await this.notifications.retry(params.id);
        return reply(202, { notification_id: notificationId, status });
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
        reply(200, toNotificationView(await this.notifications.require(principal.userId, params.id))),
    }),
  ];

  constructor(private readonly notifications: NotificationService) {}
}
