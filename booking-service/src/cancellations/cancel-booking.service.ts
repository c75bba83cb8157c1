import {
  DomainError,
  type Database,
  type IdempotencyClaim,
  type JobQueue,
  type Queries,
  type UserPrincipal,
} from '@flight-booking/platform';
import { isOffered, type Booking, type OfferedBooking } from '../bookings/booking.js';
import { BookingCancelled, BookingExpired, BookingNotFound } from '../bookings/booking.errors.js';
import type { BookingEndings } from '../bookings/booking-endings.js';
import type { BookingRepository } from '../bookings/booking.repository.js';
import { CANCELLATION_IN_WORDS } from '../bookings/booking-words.js';
import type { CancelledFlightRepository } from '../flights/cancelled-flight.repository.js';
import { FlightDeparted } from '../flights/flight.errors.js';
import type { FlightSearchClient } from '../flights/flight-search.client.js';
import { firstLeg } from '../flights/itinerary.js';
import type { CancellationQuote } from './cancellation-quote.js';
import type { CancellationQuotes } from './cancellation-quotes.js';
import { refundLinesOf } from './cancellation-terms.js';
import { cancelFlightBookings, cancelForFlight, cancelForFlightKey } from './cancellation.jobs.js';

/** What cancellations are made with. */
export interface CancellationRecords {
  readonly bookings: BookingRepository;
  readonly endings: BookingEndings;
  readonly cancelledFlights: CancelledFlightRepository;
  readonly jobs: JobQueue;
}

/** How a customer wants to cancel. */
export interface CancellationWish {
  /** The quote that they confirm. */
  readonly quoteId: number | undefined;
  readonly reason: string | undefined;
}

/** Cancels bookings, for their customers and for airlines that withdraw a flight. */
export class CancelBookingService {
  constructor(
    private readonly database: Database,
    private readonly records: CancellationRecords,
    private readonly quotes: CancellationQuotes,
    private readonly flights: FlightSearchClient,
  ) {}

  /**
   * What cancelling a customer's booking would keep and give back.
   * @throws BookingNotFound | BookingCancelled | BookingExpired | FlightDeparted
   */
  async quote(customer: UserPrincipal, bookingId: number): Promise<CancellationQuote> {
    const { bookings } = this.records;
    const booking = quotable(customer, await bookings.find(this.database, bookingId), bookingId);
    const standing = await this.quotes.standing(this.database, booking);
    if (standing !== undefined) return standing;
    return this.database.transaction(async (tx) =>
      this.quotes.make(tx, quotable(customer, await bookings.lock(tx, bookingId), bookingId)),
    );
  }

  /**
   * Cancels a customer's booking by the quote that they confirm, or without one if nothing is kept. Cancelled
   * already is cancelled. A fee is taken only for flights that take place, which flight-search is asked for: its event
   * may still be under way. While it cannot be asked, the customer has to try again, and the booking stays as it is.
   * @throws BookingNotFound | BookingExpired | FlightDeparted | QuoteNeeded | QuoteStale
   */
  async byCustomer(
    customer: UserPrincipal,
    bookingId: number,
    wish: CancellationWish,
    claim?: IdempotencyClaim,
  ): Promise<OfferedBooking> {
    const withdrawn = await this.withdrawnUnder(customer, bookingId, wish.quoteId);
    const outcome = await this.database.transaction(async (tx) => {
      for (const flightId of withdrawn)
        await this.flightCancelled(tx, flightId, CANCELLATION_IN_WORDS.airline);
      const booking = ownOf(customer, await this.records.bookings.lock(tx, bookingId), bookingId);
      if (booking.status === 'CANCELLED') return booking;
      requireCancellable(booking);
      const quote = await this.quotes.confirmed(tx, booking, wish.quoteId);
      if (quote instanceof DomainError) return quote;
      await claim?.bind(tx, bookingId);
      const terms = { ...quote, refundLines: refundLinesOf(quote.lines) };
      return this.records.endings.cancelByQuote(tx, booking, terms, wish.reason);
    });
    // After the commit, because the customer is to confirm the quote that a refusal carries.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  /** The flights of a booking that the airline has withdrawn, where the quote to confirm keeps something. */
  private async withdrawnUnder(
    customer: UserPrincipal,
    bookingId: number,
    quoteId: number | undefined,
  ): Promise<readonly number[]> {
    if (quoteId === undefined) return [];
    const booking = ownOf(customer, await this.records.bookings.find(this.database, bookingId), bookingId);
    if (booking.status === 'CANCELLED' || booking.cancelledFlightId !== null) return [];
    if (!(await this.quotes.keepsSomething(this.database, bookingId, quoteId))) return [];
    return this.flights.withdrawn(booking.flights.map((flight) => flight.flight_id));
  }

  /** Within the transaction that hears of it: the flight is known to be cancelled, and a job goes on. */
  async flightCancelled(tx: Queries, flightId: number, reason: string): Promise<void> {
    await this.records.cancelledFlights.record(tx, flightId, reason);
    await this.records.jobs.add(tx, cancelFlightBookings, { flight_id: flightId, reason });
  }

  /**
   * Adds a job for each booking on a cancelled flight. This runs after the cancellation is committed: a booking
   * that it does not find yet is offered later than that, and refused because the flight is known by then.
   */
  async everyBookingOn(flightId: number, reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const bookingId of await this.records.cancelledFlights.bookingsOn(tx, flightId)) {
        await this.records.jobs.add(
          tx,
          cancelForFlight,
          { booking_id: bookingId, reason },
          { key: cancelForFlightKey(bookingId) },
        );
      }
    });
  }

  /** Ends one booking on a cancelled flight, whatever stage it is at. An expired one has ended already. */
  async forFlight(bookingId: number, reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const booking = await this.records.bookings.lock(tx, bookingId);
      if (booking?.status === 'CREATED') {
        await this.records.endings.takeBack(tx, booking, 'flight_cancelled', reason);
      } else if (isOffered(booking) && !['EXPIRED', 'CANCELLED'].includes(booking.shownStatus)) {
        await this.records.endings.cancel(tx, booking, 'flight_cancelled', reason);
      }
    });
  }
}

/** A stranger's booking is as good as none. @throws BookingNotFound */
function ownOf(customer: UserPrincipal, booking: Booking | undefined, bookingId: number): OfferedBooking {
  if (isOffered(booking) && booking.userId === customer.userId) return booking;
  throw new BookingNotFound({ booking_id: bookingId });
}

/** @throws BookingNotFound | BookingCancelled | BookingExpired | FlightDeparted */
function quotable(customer: UserPrincipal, found: Booking | undefined, bookingId: number): OfferedBooking {
  const booking = ownOf(customer, found, bookingId);
  if (booking.status === 'CANCELLED') throw new BookingCancelled(bookingId);
  requireCancellable(booking);
  return booking;
}

/** @throws BookingExpired | FlightDeparted */
function requireCancellable(booking: OfferedBooking): void {
  if (booking.shownStatus === 'EXPIRED') throw new BookingExpired(booking.bookingId);
  if (booking.paymentId !== null && booking.hasDeparted)
    throw new FlightDeparted(firstLeg(booking.flights).flight_id);
}
