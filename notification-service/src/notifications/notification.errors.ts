import { DomainError } from '@flight-booking/platform';

/** The customer has no message of that id. */
export class NotificationNotFound extends DomainError {
  static readonly slug = 'notification-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such notification';

  constructor(notificationId: number) {
    super(`There is no notification ${notificationId} for you.`, { notification_id: notificationId });
  }
}

/** The message was sent, so there is nothing to try again. */
export class NotificationSent extends DomainError {
  static readonly slug = 'notification-sent';
  static readonly kind = 'conflict';
  static readonly title = 'The notification was sent';

  constructor(notificationId: number) {
    super(`Notification ${notificationId} was sent and is not sent again.`, {
      notification_id: notificationId,
    });
  }
}

/** Nobody has told this service yet where the user can be reached. */
export class AddressUnknown extends DomainError {
  static readonly slug = 'address-unknown';
  static readonly kind = 'unprocessable';
  static readonly title = "The user's e-mail address is not known here";

  constructor(userId: number) {
    super(`No message has gone to user ${userId} yet, so their e-mail address is not known.`, {
      user_id: userId,
    });
  }
}
