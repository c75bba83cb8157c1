import { bookingCancelled, type bookingConfirmed, type FlightDetail } from '@flight-booking/contracts';
import type { EventPublisher, Queries } from '@flight-booking/platform';
import type { OfferedBooking } from './booking.js';

/** Every event about a booking carries the same data. */
type BookingEvent =
  | (Omit<typeof bookingConfirmed, 'type'> & { readonly type: `booking.${string}` })
  | typeof bookingCancelled;

/** Customers are told of everything; coupons must be voided with their booking. */
const subscribersOf = ({ type }: BookingEvent): string[] =>
  type === bookingCancelled.type ? ['notification', 'ticket'] : ['notification'];

/** Tells what happened to bookings, in the words that the customer will read. */
export class BookingEvents {
  constructor(private readonly publisher: EventPublisher) {}

  /**
   * Publishes within the transaction that made it true.
   * @param amountPaise what the event is about: the price, or what goes back
   */
  async publish(
    tx: Queries,
    event: BookingEvent,
    booking: OfferedBooking,
    {
      amountPaise = booking.amountDuePaise,
      reason,
    }: { amountPaise?: number; reason?: string | undefined } = {},
  ): Promise<void> {
    const data = {
      booking_id: booking.bookingId,
      pnr: booking.pnr,
      user_id: booking.userId,
      contact: booking.contact,
      journey: booking.flights.map(inWords),
      amount_paise: amountPaise,
      ...(reason !== undefined && { reason }),
    };
    await this.publisher.publish(tx, event, data, subscribersOf(event));
  }
}

/** Such as `AI865 Delhi (DEL) to Mumbai (BOM), Fri, 15 Jan 2027, 07:10`, by the clocks of the place it leaves. */
function inWords({ flight_number, source, destination, departure_time }: FlightDetail): string {
  const departure = new Intl.DateTimeFormat('en-IN', {
    timeZone: source.time_zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(departure_time));
  return `${flight_number} ${source.city} (${source.code}) to ${destination.city} (${destination.code}), ${departure}`;
}
