import type { BookingStatus } from '@flight-booking/contracts';
import { bookingTicketed } from '@flight-booking/contracts';
import type { Database, UserPrincipal } from '@flight-booking/platform';
import { isOffered, type Booking, type OfferedBooking } from './booking.js';
import { BookingNotFound, TicketRefused } from './booking.errors.js';
import type { BookingEvents } from './booking-events.js';
import type { BookingRepository } from './booking.repository.js';
import { isSurnameOf } from './surname.js';

/** One page of a customer's bookings. */
export interface BookingPage {
  readonly bookings: readonly OfferedBooking[];
  /** The last booking of the page if there are more. */
  readonly next: number | undefined;
}

/** Shows bookings, and keeps the tickets that were issued for them. */
export class BookingService {
  constructor(
    private readonly database: Database,
    private readonly bookings: BookingRepository,
    private readonly events: BookingEvents,
  ) {}

  /** A booking for its customer or an administrator. @throws BookingNotFound */
  async bookingFor(reader: UserPrincipal, bookingId: number): Promise<OfferedBooking> {
    return visibleTo(reader, await this.bookings.find(this.database, bookingId));
  }

  /** The booking of a record locator, for whoever also knows who travels. @throws BookingNotFound */
  async bookingByPnr(reader: UserPrincipal, pnr: string, lastName: string): Promise<OfferedBooking> {
    const booking = visibleTo(reader, await this.bookings.findByPnr(this.database, pnr));
    if (!booking.passengers.some(({ name }) => isSurnameOf(lastName, name))) throw new BookingNotFound();
    return booking;
  }

  /** A customer's own bookings, the newest first. */
  async page(
    customer: UserPrincipal,
    filter: {
      readonly status?: BookingStatus | undefined;
      readonly before?: number | undefined;
      readonly limit: number;
    },
  ): Promise<BookingPage> {
    const { status, before, limit } = filter;
    const found = await this.bookings.list(this.database, {
      userId: customer.userId,
      status,
      before,
      limit: limit + 1,
    });
    const bookings = found.slice(0, limit).filter(isOffered);
    return { bookings, next: found.length > limit ? bookings.at(-1)?.bookingId : undefined };
  }

  /** A booking for the other services. @throws BookingNotFound */
  async booking(bookingId: number): Promise<OfferedBooking> {
    const booking = await this.bookings.find(this.database, bookingId);
    if (!isOffered(booking)) throw new BookingNotFound();
    return booking;
  }

  /**
   * Records the ticket of a paid booking; safe to repeat. One that was cancelled in the meantime stays so.
   * @throws BookingNotFound | TicketRefused
   */
  async ticketed(bookingId: number, ticketId: number): Promise<OfferedBooking> {
    return this.database.transaction(async (tx) => {
      const booking = await this.bookings.lock(tx, bookingId);
      if (!isOffered(booking)) throw new BookingNotFound();
      if (booking.ticketId === ticketId || booking.status === 'CANCELLED') return booking;
      if (booking.status !== 'CONFIRMED')
        throw new TicketRefused(
          booking.ticketId === null
            ? `Booking ${bookingId} is not paid.`
            : `Booking ${bookingId} has ticket ${booking.ticketId}.`,
        );
      const ticketed = await this.bookings.move(tx, booking, 'TICKETED', { cause: 'ticketed', ticketId });
      await this.events.publish(tx, bookingTicketed, ticketed);
      return ticketed;
    });
  }
}

/** @throws BookingNotFound for a stranger's booking just as for one that does not exist */
function visibleTo(reader: UserPrincipal, booking: Booking | undefined): OfferedBooking {
  if (!isOffered(booking) || (booking.userId !== reader.userId && reader.role !== 'admin'))
    throw new BookingNotFound();
  return booking;
}
