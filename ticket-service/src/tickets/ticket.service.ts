import type { BookingDetail, BookingStatus } from '@flight-booking/contracts';
import {
  isUpstreamFailure,
  unlessDatabaseAway,
  type Clock,
  type Database,
  type UserPrincipal,
} from '@flight-booking/platform';
import { financialYear } from '../invoices/invoice-number.js';
import { drawUpInvoice, type Supplier } from '../invoices/invoice.js';
import type { BookingClient } from './booking.client.js';
import {
  BookingCancelled,
  BookingExpired,
  BookingNotFound,
  BookingNotPaid,
  TicketNotFound,
} from './ticket.errors.js';
import type { TicketDraft, TicketRepository } from './ticket.repository.js';
import { planCoupons, type Ticket } from './ticket.js';

/** In whose name and under which numbers invoices are issued. */
export interface InvoicingOptions {
  readonly series: string;
  readonly supplier: Supplier;
}

/** Issues tickets for paid bookings and hands them to those who may see them. */
export class TicketService {
  constructor(
    private readonly database: Database,
    private readonly tickets: TicketRepository,
    private readonly bookings: BookingClient,
    private readonly invoicing: InvoicingOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * The ticket of a user's paid booking, issued when it is first asked for.
   * @throws BookingNotFound | BookingNotPaid | BookingExpired | BookingCancelled
   */
  async generate(bookingId: number, userId: number): Promise<{ ticket: Ticket; issued: boolean }> {
    const existing = await this.tickets.byBooking(this.database, bookingId);
    if (existing !== undefined) {
      if (existing.userId !== userId) throw new BookingNotFound(bookingId);
      return { ticket: requireValid(bookingId, existing), issued: false };
    }
    const booking = await this.bookings.booking(bookingId);
    if (booking.user_id !== userId) throw new BookingNotFound(bookingId);
    requirePaid(booking);
    const issued = await this.tickets.issue(this.database, this.draft(booking));
    if (issued === undefined) {
      const ticket = requireValid(bookingId, await this.tickets.byBooking(this.database, bookingId));
      return { ticket, issued: false };
    }
    await this.tellAtOnce(issued);
    return { ticket: issued, issued: true };
  }

  /** A ticket for its owner or an administrator. @throws TicketNotFound */
  async ticketFor(reader: UserPrincipal, ticketId: number): Promise<Ticket> {
    const ticket = await this.tickets.byId(this.database, ticketId);
    if (ticket === undefined || (ticket.userId !== reader.userId && reader.role !== 'admin')) {
      throw new TicketNotFound(ticketId);
    }
    return ticket;
  }

  /** Says to booking-service that a booking has its ticket. Safe to repeat. */
  async tellBooking(bookingId: number): Promise<void> {
    const ticket = await this.tickets.byBooking(this.database, bookingId);
    if (ticket === undefined) throw new Error(`Booking ${bookingId} has no ticket`);
    await this.bookings.ticketed(bookingId, ticket.ticketId);
  }

  private draft(booking: BookingDetail): TicketDraft {
    const { series, supplier } = this.invoicing;
    const issuedAt = this.clock.now();
    const [firstFlight] = booking.flights;
    if (firstFlight === undefined) throw new Error(`Booking ${booking.booking_id} has no flight`);
    return {
      booking,
      coupons: planCoupons(booking),
      accountingCode: firstFlight.airline.accounting_code,
      issuedAt,
      invoice: { series, financialYear: financialYear(issuedAt), content: drawUpInvoice(booking, supplier) },
    };
  }

  /** The fast path. When it fails the customer has the ticket all the same, for the job says it then. */
  private async tellAtOnce({ bookingId, ticketId }: Ticket): Promise<void> {
    try {
      await this.bookings.ticketed(bookingId, ticketId);
    } catch (error) {
      if (!isUpstreamFailure(error)) throw error;
      return;
    }
    // Else the job stays, and says again what booking-service knows.
    await unlessDatabaseAway(this.tickets.takeBackTelling(this.database, bookingId));
  }
}

/** Why a booking in each state gets no ticket; a state without a reason gets one. */
const REFUSALS: Readonly<Record<BookingStatus, ((booking: BookingDetail) => Error) | undefined>> = {
  CREATED: (booking) => new BookingNotPaid(booking),
  PENDING: (booking) => new BookingNotPaid(booking),
  CONFIRMED: undefined,
  TICKETED: undefined,
  EXPIRED: (booking) => new BookingExpired(booking.booking_id),
  CANCELLED: (booking) => new BookingCancelled(booking.booking_id),
};

/** A booking that has no ticket although one was to be issued was cancelled meanwhile. @throws BookingCancelled */
function requireValid(bookingId: number, ticket: Ticket | undefined): Ticket {
  if (ticket === undefined || ticket.cancelledAt !== null) throw new BookingCancelled(bookingId);
  return ticket;
}

/** @throws BookingNotPaid | BookingExpired | BookingCancelled */
function requirePaid(booking: BookingDetail): void {
  const refusal = REFUSALS[booking.status];
  if (refusal !== undefined) throw refusal(booking);
}
