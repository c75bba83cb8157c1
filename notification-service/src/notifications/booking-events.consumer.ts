import {
  bookingCancelled,
  bookingConfirmed,
  bookingExpired,
  bookingPaymentReturned,
  bookingTicketed,
} from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { NotificationService } from './notification.service.js';

/** Every event of a booking that its customer is told of. */
export const bookingEventConsumers = (notifications: NotificationService): EventConsumer[] =>
  [bookingConfirmed, bookingTicketed, bookingExpired, bookingCancelled, bookingPaymentReturned].map((event) =>
    consume(event, (tx, data, { source, id }) =>
      notifications.tellOfBooking(tx, { eventId: `${source}/${id}`, eventType: event.type }, data),
    ),
  );
