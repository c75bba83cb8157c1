import { pageOf, type Page } from '@flight-booking/contracts';
import { actingUser, type Database, type UserPrincipal } from '@flight-booking/platform';
import { bookingMessage, type BookingEventType, type ToldData } from '../booking-messages/booking-message.js';
import { renderHtml, renderText } from '../booking-messages/render-message.js';
import type { FirstAttempts } from '../delivery/first-attempts.js';
import type { BookingEvent, Channel, Notification } from './notification.js';
import { AddressUnknown, NotificationNotFound, NotificationSent } from './notification.errors.js';
import type { NotificationRepository } from './notification.repository.js';

/** A message that somebody asks to be sent. */
export interface MessageRequest {
  /** Whom to, when it is not to oneself. */
  readonly userId: number | undefined;
  readonly channel: Channel;
  readonly subject: string | undefined;
  readonly message: string;
}

const DEFAULT_SUBJECT = 'A message from Flight Booking';

/** Takes messages in and shows them; delivering them is not waited for. */
export class NotificationService {
  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationRepository,
    private readonly firstAttempts: FirstAttempts,
  ) {}

  /**
   * Customers write to themselves, administrators to anybody.
   * @throws UserMismatch | AddressUnknown
   */
  async send(sender: UserPrincipal, request: MessageRequest): Promise<Notification> {
    const { channel, message: text } = request;
    const userId =
      sender.role === 'admin' ? (request.userId ?? sender.userId) : actingUser(sender, request.userId);
    const recipient = await this.recipientOf(sender, userId, channel);
    const subject = channel === 'email' ? (request.subject ?? DEFAULT_SUBJECT) : undefined;
    const message = { userId, channel, recipient, subject, text };
    const queued = await this.firstAttempts.queue(message);
    if (queued === undefined) throw new Error('A message about no event met another about the same event.');
    return queued;
  }

  /** Tells the customer what happened to a booking, once, also when several events tell of the same thing. */
  async tellOfBooking(
    about: Omit<BookingEvent, 'bookingId'> & { readonly eventType: BookingEventType },
    data: ToldData,
  ): Promise<void> {
    const message = bookingMessage(about.eventType, data);
    await this.firstAttempts.queue({
      userId: data.user_id,
      channel: 'email',
      recipient: data.contact.email,
      subject: message.subject,
      text: renderText(message),
      html: renderHtml(message),
      about: { ...about, bookingId: data.booking_id },
    });
  }

  /** @throws NotificationNotFound also when it is somebody else's */
  async require(userId: number, notificationId: number): Promise<Notification> {
    const found = await this.notifications.find(this.database, notificationId, userId);
    if (found === undefined) throw new NotificationNotFound(notificationId);
    return found;
  }

  /** A user's messages, newest first. */
  async list(userId: number, limit: number, before: number | undefined): Promise<Page<Notification>> {
    const rows = await this.notifications.list(this.database, userId, { limit: limit + 1, before });
    return pageOf(rows, limit, ({ notificationId }) => notificationId);
  }

  /** Everybody's messages that were given up, newest first. */
  async listFailed(limit: number, before: number | undefined): Promise<Page<Notification>> {
    const rows = await this.notifications.listFailed(this.database, { limit: limit + 1, before });
    return pageOf(rows, limit, ({ notificationId }) => notificationId);
  }

  /**
   * Has a message that was given up tried again. One that is queued already stays so.
   * @throws NotificationNotFound | NotificationSent
   */
  async retry(notificationId: number): Promise<Notification> {
    const retried = await this.notifications.retry(this.database, notificationId);
    if (retried !== undefined) return retried;
    const found = await this.notifications.findAny(this.database, notificationId);
    if (found === undefined) throw new NotificationNotFound(notificationId);
    if (found.status === 'SENT') throw new NotificationSent(notificationId);
    return found;
  }

  /** Accounts have no telephone number, so a text message goes to the account itself, in the log. */
  private async recipientOf(sender: UserPrincipal, userId: number, channel: Channel): Promise<string> {
    if (channel === 'sms') return `user:${userId}`;
    if (userId === sender.userId) return sender.email;
    const address = await this.notifications.lastAddress(this.database, userId);
    if (address === undefined) throw new AddressUnknown(userId);
    return address;
  }
}
