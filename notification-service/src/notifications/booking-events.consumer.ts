import {
  bookingCancelled,
  bookingConfirmed,
  bookingExpired,
  bookingFeeReturned,
  bookingPaymentReturned,
  bookingTicketed,
} from '@flight-booking/contracts';
import { consume, type CloudEvent, type EventConsumer } from '@flight-booking/platform';
import type { NotificationService } from './notification.service.js';

/** These happen to a booking once, so a second event tells nothing new. */
const ONCE = '';

/** A message about an event, or an occasion, that there is one about already is not queued. */
const TOLD_ONCE = { repeatable: true };

const idOf = ({ source, id }: CloudEvent): string => `${source}/${id}`;

/** A booking ends and begins once, and gives its fee back once, whatever the ids of the events that say so. */
const onceConsumers = (notifications: NotificationService): EventConsumer[] =>
  [bookingConfirmed, bookingTicketed, bookingExpired, bookingCancelled, bookingFeeReturned].map((told) =>
    consume(
      told,
      (_queries, data, event) => {
        const about = { eventId: idOf(event), eventType: told.type, occasion: ONCE };
        return notifications.tellOfBooking(about, data);
      },
      TOLD_ONCE,
    ),
  );

/**
 * Every event of a booking that its customer is told of. Each payment that goes back is told of once; an event that
 * does not name its payment is an occasion of its own.
 */
export const bookingEventConsumers = (notifications: NotificationService): EventConsumer[] => [
  ...onceConsumers(notifications),
  consume(
    bookingPaymentReturned,
    (_queries, { payment_id: paymentId, ...data }, event) => {
      const occasion = paymentId === undefined ? idOf(event) : `payment ${paymentId}`;
      const about = { eventId: idOf(event), eventType: bookingPaymentReturned.type, occasion };
      return notifications.tellOfBooking(about, data);
    },
    TOLD_ONCE,
  ),
];
