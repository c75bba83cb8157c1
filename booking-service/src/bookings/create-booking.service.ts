import {
  travelName,
  type FareBrand,
  type FlightDetail,
  type Passenger,
  type ReservationRequest,
  type ReservedSeat,
} from '@flight-booking/contracts';
import {
  DomainError,
  IdempotencyKeyInUse,
  type Clock,
  type Database,
  type IdempotencyClaim,
  type UserPrincipal,
} from '@flight-booking/platform';
import type { DiscountClient } from '../discounts/discount.client.js';
import { RedemptionReleased } from '../discounts/discount.errors.js';
import { FlightCancelled } from '../flights/flight.errors.js';
import type { FlightSearchClient } from '../flights/flight-search.client.js';
import { requireConnected } from '../flights/itinerary.js';
import { chosenFares, type ShownFare } from '../prices/fare-choice.js';
import { eligiblePaise, priceOf, type Discount } from '../prices/price.js';
import type { SeatClient } from '../seats/seat.client.js';
import { SeatsLost } from '../seats/seat.errors.js';
import { isOffered, type BookedSeat, type OfferedBooking } from './booking.js';
import { BookingInterrupted, PassengersNeeded, RecordLocatorTaken } from './booking.errors.js';
import type { BookingEndings } from './booking-endings.js';
import type { BookingRepository } from './booking.repository.js';
import type { BookingDraft, NewBookingRepository, Offer } from './new-booking.repository.js';

/** What a customer wants to book. */
export interface BookingWish {
  readonly flightIds: readonly number[];
  readonly seatCount: number;
  readonly lockId: number | undefined;
  /** As many as there are seats, or nobody: then the account's holder stands for each. */
  readonly passengers: readonly Passenger[] | undefined;
  readonly discountCode: string | undefined;
  readonly brand: FareBrand;
  /** The fares that are to be charged exactly; undefined when the customer does not say what was shown. */
  readonly shownFares: readonly ShownFare[] | undefined;
}

/** The services that a booking is made with. */
export interface BookingPartners {
  readonly flights: FlightSearchClient;
  readonly seats: SeatClient;
  readonly discounts: DiscountClient;
}

/** Where bookings are kept and ended. */
export interface CreationRecords {
  readonly bookings: BookingRepository;
  readonly newBookings: NewBookingRepository;
  readonly endings: BookingEndings;
}

/** How long things may take. */
export interface BookingTiming {
  readonly clock: Clock;
  readonly bookingTtlMs: number;
  readonly patienceMs: number;
}

/** A booking that is being made. */
interface Attempt extends BookingWish {
  readonly bookingId: number;
  readonly pnr: string;
  readonly userId: number;
  /** With the fares that may be charged. */
  readonly flights: readonly FlightDetail[];
  readonly expiresAt: Date;
}

/** With 344 million record locators, even two collisions in a row mean that something is wrong. */
const RECORD_LOCATOR_ATTEMPTS = 5;

/**
 * Makes bookings. The row comes first, with a job that takes it back, so that whatever is taken for it
 * afterwards has an owner that gives it back if this process dies at any step.
 */
export class CreateBookingService {
  constructor(
    private readonly database: Database,
    private readonly records: CreationRecords,
    private readonly partners: BookingPartners,
    private readonly timing: BookingTiming,
    private readonly newRecordLocator: () => string,
  ) {}

  /**
   * Books seats that the customer has locked, at the fares that were shown or else those of this moment. One answer of
   * flight-search is all that the price is made of, so it never mixes old fares and new ones; and it is compared before
   * anything is written or taken, so that a refusal leaves nothing behind.
   * @throws FlightNotFound | FlightCancelled | FlightsDoNotConnect | FareNotSold | PriceChanged | FlightDeparted |
   *   DiscountNotApplicable | SeatsNotLocked | SeatsUnavailable | BookingInterrupted | IdempotencyKeyInUse
   */
  async create(
    customer: UserPrincipal,
    wish: BookingWish,
    claim?: IdempotencyClaim,
  ): Promise<OfferedBooking> {
    const made = claim?.resourceId === undefined ? undefined : await this.madeBefore(claim.resourceId);
    if (made !== undefined) return made;
    const scheduled = await this.partners.flights.scheduled(wish.flightIds);
    requireConnected(scheduled);
    const flights = chosenFares(scheduled, wish.brand, wish.shownFares);
    const attempt = await this.begin(customer, wish, flights, claim);
    try {
      const offer = await this.prepare(attempt);
      if (!(await this.records.newBookings.offer(this.database, attempt.bookingId, offer)))
        throw await this.whyNotOffered(attempt);
    } catch (error) {
      await this.takeBack(attempt.bookingId, error, claim);
      throw gaveBackItself(error) ? new BookingInterrupted({ cause: error }) : error;
    }
    const booking = await this.records.bookings.find(this.database, attempt.bookingId);
    if (!isOffered(booking)) throw new BookingInterrupted();
    return booking;
  }

  /**
   * The booking of an attempt that did not live to answer. None if it was taken back since, so that the next attempt
   * begins afresh; while it is still being made, or waits for its deadline because nobody makes it any more, nobody can
   * say yet.
   * @throws IdempotencyKeyInUse
   */
  private async madeBefore(bookingId: number): Promise<OfferedBooking | undefined> {
    const booking = await this.records.bookings.find(this.database, bookingId);
    if (isOffered(booking)) return booking;
    if (booking?.status === 'CREATED') throw new IdempotencyKeyInUse();
    return undefined;
  }

  private async begin(
    { userId, name, email }: UserPrincipal,
    wish: BookingWish,
    flights: readonly FlightDetail[],
    claim: IdempotencyClaim | undefined,
  ): Promise<Attempt> {
    const { clock, bookingTtlMs, patienceMs } = this.timing;
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + bookingTtlMs);
    const draft = {
      userId,
      contact: { name, email },
      flights,
      passengers: wish.passengers ?? standIns({ name, email }, wish.seatCount),
      brand: wish.brand,
      discountCode: wish.discountCode,
      createdAt,
      expiresAt,
      abandonedAt: new Date(createdAt.getTime() + patienceMs),
    };
    const { bookingId, pnr } = await this.add(draft, claim);
    return { ...wish, bookingId, pnr, userId, flights, expiresAt };
  }

  /** Writes the row under a record locator that no other has. @throws FlightDeparted */
  private async add(
    draft: Omit<BookingDraft, 'pnr'>,
    claim: IdempotencyClaim | undefined,
  ): Promise<{ bookingId: number; pnr: string }> {
    for (let attempt = 1; ; attempt += 1) {
      const pnr = this.newRecordLocator();
      try {
        return { bookingId: await this.addOnce({ ...draft, pnr }, claim), pnr };
      } catch (error) {
        if (!(error instanceof RecordLocatorTaken) || attempt >= RECORD_LOCATOR_ATTEMPTS) throw error;
      }
    }
  }

  /** Row and key commit together; without a key the row is one statement and needs no transaction around it. */
  private async addOnce(draft: BookingDraft, claim: IdempotencyClaim | undefined): Promise<number> {
    const { newBookings } = this.records;
    if (claim === undefined) return newBookings.add(this.database, draft);
    return this.database.transaction(async (tx) => {
      const bookingId = await newBookings.add(tx, draft);
      await claim.bind(tx, bookingId);
      return bookingId;
    });
  }

  /**
   * The discount comes before the seats, so that a code that is refused does not cost the customer the lock.
   * Where a flight has several cabins, the fare is not known before the seats are, and the discount comes second.
   */
  private async prepare(attempt: Attempt): Promise<Offer> {
    const { bookingId, pnr, flights, expiresAt } = attempt;
    const foreseen = foreseenSeats(attempt);
    const early = foreseen === undefined ? undefined : await this.redeem(attempt, foreseen);
    const reserved = await this.partners.seats.reserve(bookingId, {
      user_id: attempt.userId,
      flight_ids: [...attempt.flightIds],
      num_seats: attempt.seatCount,
      ...(attempt.lockId !== undefined && { lock_id: attempt.lockId }),
      expires_at: expiresAt.toISOString(),
      ...(attempt.shownFares !== undefined && { cabins: cabinsOf(flights) }),
    });
    const seats = seatedPassengers(attempt, reserved);
    const discount = foreseen === undefined ? await this.redeem(attempt, seats) : early;
    const price = priceOf(flights, seats, discount);
    return { pnr, seats, priceLines: price.lines, amountDuePaise: price.amountDuePaise, expiresAt };
  }

  private async redeem(attempt: Attempt, seats: readonly ReservedSeat[]): Promise<Discount | undefined> {
    const { bookingId, userId, discountCode: code, flights } = attempt;
    if (code === undefined) return undefined;
    const paise = await this.partners.discounts.redeem(bookingId, {
      user_id: userId,
      code,
      eligible_paise: eligiblePaise(flights, seats),
      airline_codes: [...new Set(flights.map(({ airline }) => airline.code))],
    });
    return { code, paise };
  }

  private async whyNotOffered({ bookingId }: Attempt): Promise<DomainError> {
    const booking = await this.records.bookings.find(this.database, bookingId);
    const cancelledFlightId = booking?.cancelledFlightId ?? null;
    return cancelledFlightId === null ? new BookingInterrupted() : new FlightCancelled(cancelledFlightId);
  }

  private async takeBack(
    bookingId: number,
    error: unknown,
    claim: IdempotencyClaim | undefined,
  ): Promise<void> {
    const why = error instanceof DomainError ? error.description.slug : 'internal-error';
    await this.database.transaction(async (tx) => {
      const booking = await this.records.bookings.lock(tx, bookingId);
      if (booking?.status !== 'CREATED') return;
      await this.records.endings.takeBack(tx, booking, 'refused', why);
      await claim?.unbind(tx);
    });
  }
}

/** Whether the booking had been taken back, so that its own release arrived before what it wanted to take. */
const gaveBackItself = (error: unknown): boolean =>
  error instanceof SeatsLost || error instanceof RedemptionReleased;

/** The seats that will be reserved, as far as the fare depends on them; undefined where that is not known yet. */
function foreseenSeats({ flights, seatCount }: Attempt): ReservedSeat[] | undefined {
  if (flights.some(({ fares }) => fares.length !== 1)) return undefined;
  return flights.flatMap(({ flight_id, fares }) =>
    fares.flatMap(({ cabin }) =>
      Array.from({ length: seatCount }, () => ({ flight_id, seat_number: '', cabin })),
    ),
  );
}

/** The cabins whose fares may be charged: no lock in another one is spent on the booking. */
const cabinsOf = (flights: readonly FlightDetail[]): NonNullable<ReservationRequest['cabins']> =>
  flights.map(({ flight_id, fares }) => ({ flight_id, cabins: fares.map(({ cabin }) => cabin) }));

/** Passengers take the seats of each flight in the order in which seat-service names them. */
function seatedPassengers(
  { bookingId, flights, seatCount }: Attempt,
  seats: readonly ReservedSeat[],
): BookedSeat[] {
  return flights.flatMap(({ flight_id: flightId }) => {
    const onFlight = seats.filter((seat) => seat.flight_id === flightId);
    if (onFlight.length !== seatCount)
      throw new Error(
        `Booking ${bookingId} got ${onFlight.length} seats of flight ${flightId}, not ${seatCount}.`,
      );
    return onFlight.map((seat, index) => ({ ...seat, passenger_index: index }));
  });
}

/** The account's holder for each seat. @throws PassengersNeeded when no ticket could carry the name */
function standIns(holder: Passenger, seats: number): Passenger[] {
  if (!travelName.safeParse(holder.name).success) throw new PassengersNeeded();
  return Array.from({ length: seats }, () => holder);
}
