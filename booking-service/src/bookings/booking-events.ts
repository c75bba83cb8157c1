import {
  bookingCancelled,
  type bookingConfirmed,
  type bookingExpired,
  type BookingEventData,
  bookingFeeReturned,
  type bookingPaymentReturned,
  type bookingTicketed,
  type FlightDetail,
  type RefundLine,
} from '@flight-booking/contracts';
import type { EventPublisher, EventType, Queries } from '@flight-booking/platform';
import type { OfferedBooking } from './booking.js';

type BookingEvent =
  | typeof bookingConfirmed
  | typeof bookingTicketed
  | typeof bookingExpired
  | typeof bookingCancelled
  | typeof bookingFeeReturned
  | typeof bookingPaymentReturned;

/** What an event says besides what every event about a booking does. */
export interface EventParticulars {
  /** What it is about: the price unless said, or what goes back. */
  readonly amount_paise?: number;
  readonly reason?: string;
  readonly refund_lines?: RefundLine[];
  readonly kept_paise?: number;
  readonly payment_id?: number;
}

const DOCUMENTED: readonly string[] = [bookingCancelled.type, bookingFeeReturned.type];

/** Customers are told of everything; coupons must be voided with their booking, and what goes back be credited. */
const subscribersOf = ({ type }: BookingEvent): string[] =>
  DOCUMENTED.includes(type) ? ['notification', 'ticket'] : ['notification'];

/** Tells what happened to bookings, in the words that the customer will read. */
export class BookingEvents {
  constructor(private readonly publisher: EventPublisher) {}

  /** Publishes within the transaction that made it true. */
  async publish(
    tx: Queries,
    event: BookingEvent,
    booking: OfferedBooking,
    particulars: EventParticulars = {},
  ): Promise<void> {
    const data: BookingEventData & EventParticulars = {
      booking_id: booking.bookingId,
      pnr: booking.pnr,
      user_id: booking.userId,
      contact: booking.contact,
      journey: booking.flights.map(inWords),
      amount_paise: booking.amountDuePaise,
      ...particulars,
    };
    // Each event's own schema, which the publisher applies, says which particulars it may have.
    await this.publisher.publish<EventType['data']>(tx, event, data, subscribersOf(event));
  }
}

/** Such as `AI865 Delhi (DEL) to Mumbai (BOM), Fri, 15 Jan 2027, 07:10`, by the clocks of the place it leaves. */
function inWords({ flight_number, source, destination, departure_time }: FlightDetail): string {
  const departure = formatterOf(source.time_zone).format(new Date(departure_time));
  return `${flight_number} ${source.city} (${source.code}) to ${destination.city} (${destination.code}), ${departure}`;
}

/** By time zone: building one costs fifty times what using it does, and airports have few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const kept = formatters.get(timeZone);
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat('en-IN', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formatters.set(timeZone, made);
  return made;
}
