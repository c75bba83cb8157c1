import type { BookingStatus, FlightDetail, Passenger, PriceLineDetail } from '@flight-booking/contracts';
import { envelopeOf, uniqueViolationOf, type Queries } from '@flight-booking/platform';
import { requireMove, type BookedSeat, type Booking, type Cause } from './booking.js';
import { DEADLINE_KEY, deadlineKey, meetDeadline } from './booking.jobs.js';
import { ADD, FIND, FIND_BY_PNR, LIST, LOCK, MOVE, OFFER } from './booking.sql.js';

/** A booking that is about to be written. */
export interface BookingDraft {
  readonly userId: number;
  readonly contact: Booking['contact'];
  readonly flights: readonly FlightDetail[];
  readonly passengers: readonly Passenger[];
  readonly discountCode: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When the row is taken back unless the booking was offered by then. */
  readonly abandonedAt: Date;
}

/** What a booking becomes when it is offered to its customer. */
export interface Offer {
  readonly seats: readonly BookedSeat[];
  readonly priceLines: readonly PriceLineDetail[];
  readonly amountDuePaise: number;
  readonly expiresAt: Date;
}

/** What changes with a move besides the state. */
export interface MoveFacts {
  readonly cause: Cause;
  readonly detail?: string | undefined;
  readonly paymentId?: number;
  readonly confirmedAt?: Date;
  readonly ticketId?: number;
  readonly refundPaise?: number;
}

/** Which of a customer's bookings are listed. */
export interface BookingFilter {
  readonly userId: number;
  readonly status: BookingStatus | undefined;
  /** Only bookings older than this one. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** With 344 million record locators, even two collisions in a row mean that something is wrong. */
const RECORD_LOCATOR_ATTEMPTS = 5;

/** The bookings of this service's database. */
export class BookingRepository {
  constructor(private readonly newRecordLocator: () => string) {}

  /** Writes a booking as `CREATED` under a record locator that no other has. Returns its id. */
  async add(queries: Queries, draft: BookingDraft): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { bookingId } = await queries.row<{ bookingId: number }>(ADD, this.valuesOf(draft));
        return bookingId;
      } catch (error) {
        const taken = uniqueViolationOf(error) === 'bookings_pnr_unique';
        if (!taken || attempt >= RECORD_LOCATOR_ATTEMPTS) throw error;
      }
    }
  }

  /** `CREATED` to `PENDING`. Returns whether that could still be done. */
  async offer(queries: Queries, bookingId: number, offer: Offer): Promise<boolean> {
    const offered = await queries.execute(OFFER, [
      bookingId,
      offer.amountDuePaise,
      JSON.stringify(offer.seats),
      JSON.stringify(offer.priceLines),
      meetDeadline.name,
      envelopeOf(meetDeadline, { booking_id: bookingId }),
      offer.expiresAt,
      meetDeadline.maxAttempts,
      deadlineKey(bookingId),
    ]);
    return offered === 1;
  }

  async find(queries: Queries, bookingId: number): Promise<Booking | undefined> {
    return queries.maybeRow<Booking>(FIND, [bookingId]);
  }

  async findByPnr(queries: Queries, pnr: string): Promise<Booking | undefined> {
    return queries.maybeRow<Booking>(FIND_BY_PNR, [pnr]);
  }

  /** Bookings that were offered to the customer, the newest first. */
  async list(queries: Queries, { userId, status, before, limit }: BookingFilter): Promise<Booking[]> {
    return queries.rows<Booking>(LIST, [userId, before ?? Number.MAX_SAFE_INTEGER, status ?? null, limit]);
  }

  /** Holds the booking's row until the transaction ends; whoever comes second sees what the first has done. */
  async lock(tx: Queries, bookingId: number): Promise<Booking | undefined> {
    // Two statements: parts that were committed while the first one waited are not in its snapshot.
    await tx.execute(LOCK, [bookingId]);
    return this.find(tx, bookingId);
  }

  /** Moves a locked booking. Returns it as it is then. @throws IllegalMove */
  async move<Kind extends Booking>(
    tx: Queries,
    booking: Kind,
    to: BookingStatus,
    facts: MoveFacts,
  ): Promise<Kind> {
    requireMove(booking, to);
    await tx.execute(MOVE, [
      booking.bookingId,
      to,
      facts.cause,
      facts.detail ?? null,
      facts.paymentId ?? null,
      facts.confirmedAt ?? null,
      facts.ticketId ?? null,
      facts.refundPaise ?? null,
    ]);
    return (await this.find(tx, booking.bookingId)) as Kind;
  }

  private valuesOf({ passengers, ...draft }: BookingDraft): unknown[] {
    return [
      draft.userId,
      this.newRecordLocator(),
      passengers.length,
      draft.contact.name,
      draft.contact.email,
      draft.discountCode ?? null,
      firstDeparture(draft.flights),
      draft.expiresAt,
      draft.createdAt,
      JSON.stringify(draft.flights),
      passengers.map(({ name }) => name),
      passengers.map(({ age }) => age ?? null),
      passengers.map(({ email }) => email ?? null),
      passengers.map(({ phone }) => phone ?? null),
      meetDeadline.name,
      // The statement puts in the id, which is not known before the row exists.
      envelopeOf(meetDeadline, { booking_id: 0 }),
      draft.abandonedAt,
      meetDeadline.maxAttempts,
      DEADLINE_KEY,
    ];
  }
}

const firstDeparture = (flights: readonly FlightDetail[]): Date =>
  new Date(Math.min(...flights.map((flight) => Date.parse(flight.departure_time))));
