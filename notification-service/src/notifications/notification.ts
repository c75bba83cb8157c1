/** How a message reaches its reader. */
export type Channel = 'email' | 'sms';

/** Where a message is on its way. `SENT` means that a transport has taken it over. */
export type NotificationStatus = 'QUEUED' | 'SENT' | 'FAILED';

/**
 * The moves that a status may make. A message is sent or given up once, so a delivery that finishes late changes
 * nothing; only an administrator has one that was given up tried again.
 */
const MOVES = {
  QUEUED: ['SENT', 'FAILED'],
  SENT: [],
  FAILED: ['QUEUED'],
} as const satisfies Record<NotificationStatus, readonly NotificationStatus[]>;

/** The statuses from which a notification may come to this one. */
export const statusesBefore = (status: NotificationStatus): NotificationStatus[] =>
  Object.entries<readonly NotificationStatus[]>(MOVES).flatMap(([before, after]) =>
    after.includes(status) ? [before as NotificationStatus] : [],
  );

/** A message to a customer. */
export interface Notification {
  readonly notificationId: number;
  readonly userId: number;
  readonly channel: Channel;
  readonly recipient: string;
  readonly subject: string | null;
  readonly text: string;
  readonly bookingId: number | null;
  readonly eventType: string | null;
  readonly status: NotificationStatus;
  readonly failureReason: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Something that happened to a booking. */
export interface BookingEvent {
  /** The event's own, with its source: the same however often it is delivered. */
  readonly eventId: string;
  readonly eventType: string;
  readonly bookingId: number;
  /** What makes it another than the events of its type about the booking; empty when there can be one alone. */
  readonly occasion: string;
}

/** A message that is not queued yet. */
export interface NewNotification {
  readonly userId: number;
  readonly channel: Channel;
  readonly recipient: string;
  readonly subject?: string | undefined;
  readonly text: string;
  readonly html?: string;
  /** What it is about; at most one message per occasion and channel exists. */
  readonly about?: BookingEvent;
}

/** What an attempt at a message begins with: nobody else makes one meanwhile. */
export interface DeliveryClaim {
  /** Which one takes the message over, as the deliveries table has it. */
  readonly transport: string;
  /** After so long another attempt may begin, by the database's clock, if this one has not ended before. */
  readonly lastsMs: number;
}
