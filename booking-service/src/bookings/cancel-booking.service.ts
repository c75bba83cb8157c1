import type { Database, JobQueue, Queries, UserPrincipal } from '@flight-booking/platform';
import type { CancelledFlightRepository } from '../flights/cancelled-flight.repository.js';
import { FlightDeparted } from '../flights/flight.errors.js';
import { firstLeg } from '../flights/itinerary.js';
import { isOffered, type OfferedBooking } from './booking.js';
import { BookingExpired, BookingNotFound } from './booking.errors.js';
import type { BookingEndings } from './booking-endings.js';
import { cancelFlightBookings, cancelForFlight } from './booking.jobs.js';
import type { BookingRepository } from './booking.repository.js';

/** What cancellations are made with. */
export interface CancellationRecords {
  readonly bookings: BookingRepository;
  readonly endings: BookingEndings;
  readonly cancelledFlights: CancelledFlightRepository;
  readonly jobs: JobQueue;
}

/** Cancels bookings, for their customers and for airlines that withdraw a flight. */
export class CancelBookingService {
  constructor(
    private readonly database: Database,
    private readonly records: CancellationRecords,
  ) {}

  /**
   * Cancels a customer's booking; what was paid goes back in full. Cancelled already is cancelled.
   * @throws BookingNotFound | BookingExpired | FlightDeparted
   */
  async byCustomer(
    customer: UserPrincipal,
    bookingId: number,
    reason: string | undefined,
  ): Promise<OfferedBooking> {
    return this.database.transaction(async (tx) => {
      const booking = await this.records.bookings.lock(tx, bookingId);
      if (!isOffered(booking) || booking.userId !== customer.userId)
        throw new BookingNotFound({ booking_id: bookingId });
      if (booking.shownStatus === 'CANCELLED') return booking;
      if (booking.shownStatus === 'EXPIRED') throw new BookingExpired(bookingId);
      if (booking.paymentId !== null && booking.hasDeparted)
        throw new FlightDeparted(firstLeg(booking.flights).flight_id);
      return this.records.endings.cancel(tx, booking, 'customer', reason);
    });
  }

  /** Within the transaction that consumes the event: the flight is known to be cancelled, and a job goes on. */
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
          { key: `cancel-for-flight:${bookingId}` },
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
