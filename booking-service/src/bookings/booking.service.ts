import { bookingTicketed, pageOf, type BookingStatus, type Page } from '@flight-booking/contracts';
import type { Database, UserPrincipal } from '@flight-booking/platform';
import { isOffered, type Booking, type OfferedBooking } from './booking.js';
import { BookingNotFound, TicketRefused } from './booking.errors.js';
import type { BookingEvents } from './booking-events.js';
import type { BookingRepository } from './booking.repository.js';
import { isSurnameOf } from './surname.js';

/** Shows bookings, and keeps the tickets that were issued for them. */
export class BookingService {
  constructor(
    private readonly database: Database,
    private readonly bookings: BookingRepository,
    private readonly events: BookingEvents,
  ) {}

  /** A booking for its customer or an administrator. @throws BookingNotFound */
  async bookingFor(reader: UserPrincipal, bookingId: number): Promise<OfferedBooking> {
    const booking = await this.bookings.find(this.database, bookingId);
    if (!isVisibleTo(reader, booking)) throw new BookingNotFound({ booking_id: bookingId });
    return booking;
  }

  /** The booking of a record locator, for whoever also knows who travels. @throws BookingNotFound */
  async bookingByPnr(reader: UserPrincipal, pnr: string, lastName: string): Promise<OfferedBooking> {
    const booking = await this.bookings.findByPnr(this.database, pnr);
    const known =
      isVisibleTo(reader, booking) && booking.passengers.some(({ name }) => isSurnameOf(lastName, name));
    if (!known) throw new BookingNotFound({ pnr });
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
  ): Promise<Page<OfferedBooking>> {
    const { status, before, limit } = filter;
    const found = await this.bookings.list(this.database, {
      userId: customer.userId,
      status,
      before,
      limit: limit + 1,
    });
    return pageOf(found, limit, ({ bookingId }) => bookingId);
  }

  /** A booking for the other services. @throws BookingNotFound */
  async booking(bookingId: number): Promise<OfferedBooking> {
    const booking = await this.bookings.find(this.database, bookingId);
    if (!isOffered(booking)) throw new BookingNotFound({ booking_id: bookingId });
    return booking;
  }

  /**
   * Records the ticket of a paid booking; safe to repeat. One that was cancelled in the meantime stays so.
   * @throws BookingNotFound | TicketRefused
   */
  async ticketed(bookingId: number, ticketId: number): Promise<OfferedBooking> {
    return this.database.transaction(async (tx) => {
      const booking = await this.bookings.lock(tx, bookingId);
      if (!isOffered(booking)) throw new BookingNotFound({ booking_id: bookingId });
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

/** A stranger's booking is as good as none. */
const isVisibleTo = (reader: UserPrincipal, booking: Booking | undefined): booking is OfferedBooking =>
  isOffered(booking) && (booking.userId === reader.userId || reader.role === 'admin');
