import type { Database, Queries } from '@flight-booking/platform';
import { requireBookable } from '../flights/flight.js';
import type { ChangedFlight, FlightRepository } from '../flights/flight.repository.js';
import { cabinOf, MAX_UNPAID_SEATS_PER_USER, type HeldLock, type SeatOnFlight } from '../seats/seat.js';
import {
  ReservationLimitReached,
  SeatsLost,
  SeatsNotLocked,
  SeatsUnavailable,
} from '../seats/seat.errors.js';
import { ANNOUNCEMENT, QUIET_ANNOUNCEMENT } from '../seats/seat.jobs.js';
import type { NumberedSeat, SeatRepository } from '../seats/seat.repository.js';
import type { ReservationChange, ReservationLocks } from './reservation-locks.js';
import {
  awaitsPayment,
  flightIdsOf,
  mayBecome,
  mayHave,
  neverReserved,
  type ReleaseReason,
  type Reservation,
  type ReservationWish,
} from './reservation.js';
import type { ReservationRepository } from './reservation.repository.js';
import { repeated, SOLD, type SaleKey } from './sale.js';
import type { SaleRepository } from './sale.repository.js';

/** A reservation as a step leaves it. A step that was done before changes nothing. */
interface Outcome {
  readonly reservation: Reservation;
  readonly change?: ReservationChange;
}

/**
 * The seats of bookings. Every step is keyed by the booking's id and safe to repeat, and every transaction
 * locks the reservation first and then its flights in order of their ids.
 */
export class ReservationService {
  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
    private readonly sales: SaleRepository,
    private readonly flights: FlightRepository,
    private readonly seats: SeatRepository,
    private readonly locks: ReservationLocks,
  ) {}

  /**
   * Turns a live lock of the customer into seats of an unpaid booking.
   * @throws SeatsNotLocked | SeatsUnavailable | SeatsLost | ReservationLimitReached | FlightCancelled | FlightDeparted |
   *   LocksUnavailable
   */
  async reserve(bookingId: number, wish: ReservationWish): Promise<Reservation> {
    let lock: HeldLock;
    try {
      lock = await this.locks.heldBy(wish);
    } catch (failure) {
      return this.reservedBefore(bookingId, failure);
    }
    return this.locks.distrusting(wish.flightIds, async () =>
      stillHeld(await this.commit((tx) => this.take(tx, bookingId, wish, lock))),
    );
  }

  /**
   * Makes reserved seats the booking's own for good, and records that with them.
   * @throws SeatsLost when it does not have all of them any more
   * @throws FlightCancelled | FlightDeparted | LocksUnavailable
   */
  async sell(sale: SaleKey): Promise<Reservation> {
    const sold = await this.database.transaction((tx) => this.makeOwnInTime(tx, sale));
    return sold === undefined ? this.sellLate(sale) : this.told(sold);
  }

  /**
   * Frees the seats of a booking, reserved or sold, once and for good. A booking that has reserved nothing yet is
   * recorded as released, so that a reservation which arrives late is refused.
   */
  release(bookingId: number): Promise<Reservation> {
    return this.commit((tx) => this.giveBack(tx, bookingId));
  }

  /** Frees the seats of a booking that nobody paid in time. A payment that comes late may have them again. */
  async expire(bookingId: number): Promise<void> {
    await this.commit(async (tx) => {
      const reservation = await this.existing(tx, bookingId);
      const isOver = reservation.status === 'RESERVED' && reservation.hasExpired;
      return isOver ? this.free(tx, reservation, 'expired') : { reservation };
    });
  }

  /** Redis hears of the change at once; where that fails, the job committed with it brings Redis up to date. */
  private async commit(work: (tx: Queries) => Promise<Outcome>): Promise<Reservation> {
    return this.told(await this.database.transaction(work));
  }

  private async told({ reservation, change }: Outcome): Promise<Reservation> {
    if (change !== undefined) await this.locks.tell(change);
    return reservation;
  }

  /**
   * The reservation of a request that comes again, or was made twice at once: the first has ended the lock, and what it
   * reserved needs none.
   * @throws failure when the booking has reserved nothing
   */
  private async reservedBefore(bookingId: number, failure: unknown): Promise<Reservation> {
    const reservation = await this.reservations.find(this.database, bookingId);
    if (reservation === undefined) throw failure;
    return stillHeld(reservation);
  }

  /** Seats that another customer may have locked meanwhile are sold only after a look at the locks. */
  private async sellLate(sale: SaleKey): Promise<Reservation> {
    const current = await this.reservations.find(this.database, sale.bookingId);
    if (current === undefined) throw new SeatsLost(sale.bookingId);
    const answered = await this.sales.find(this.database, sale);
    if (answered !== undefined) return repeated(answered, current);
    return this.locks.distrusting(flightIdsOf(current.seats), async () => {
      await this.locks.requireUnlockedByOthers(current);
      return this.commit(async (tx) => this.makeOwn(tx, sale, await this.existing(tx, sale.bookingId)));
    });
  }

  private async take(
    tx: Queries,
    bookingId: number,
    wish: ReservationWish,
    lock: HeldLock,
  ): Promise<Outcome> {
    const { userId, expiresAt, seatsPerFlight } = wish;
    const seats = await this.withCabins(tx, lock);
    const reservation: Reservation = {
      bookingId,
      userId,
      status: 'RESERVED',
      seats,
      expiresAt,
      hasExpired: false,
      releasedBecause: null,
      lockId: lock.lockId,
      lockedAt: lock.span?.lockedAt ?? null,
      lockedUntil: lock.span?.expiresAt ?? null,
    };
    if (!(await this.reservations.begin(tx, reservation, expiresAt)))
      return { reservation: await this.existing(tx, bookingId) };
    // The reservation goes with the transaction, and the lock stays the customer's.
    if (!seats.every((seat) => mayHave(wish, seat))) throw new SeatsNotLocked(wish.flightIds, seatsPerFlight);
    const flights = await this.changeFlights(tx, reservation);
    for (const flight of flights) requireBookable(flight);
    await this.requireWithinLimit(tx, userId, flightIdsOf(reservation.seats), seatsPerFlight);
    const taken = await this.seats.take(tx, bookingId, reservation.seats, expiresAt);
    if (taken.length !== reservation.seats.length) throw refusal(reservation.seats, taken);
    return { reservation, change: { flights, seats: reservation.seats, taken: expiresAt } };
  }

  /** @throws ReservationLimitReached */
  private async requireWithinLimit(
    tx: Queries,
    userId: number,
    flightIds: readonly number[],
    wanted: number,
  ): Promise<void> {
    for (const { flightId, reserved } of await this.seats.unpaid(tx, userId, flightIds)) {
      if (reserved + wanted > MAX_UNPAID_SEATS_PER_USER)
        throw new ReservationLimitReached(flightId, reserved, MAX_UNPAID_SEATS_PER_USER);
    }
  }

  private async withCabins(tx: Queries, { flights: locked }: HeldLock): Promise<SeatOnFlight[]> {
    const flightIds = locked.map(({ flightId }) => flightId);
    const flights = await this.flights.find(tx, flightIds);
    const types = new Map(flights.map(({ flightId, aircraftType }) => [flightId, aircraftType]));
    return locked.flatMap(({ flightId, seatNumbers }) => {
      const type = types.get(flightId);
      if (type === undefined) throw new Error(`Seats of flight ${flightId} are locked, and it is not known.`);
      return seatNumbers.map((seatNumber) => ({ flightId, seatNumber, cabin: cabinOf(type, seatNumber) }));
    });
  }

  /** @returns undefined when the seats may be another customer's by now */
  private async makeOwnInTime(tx: Queries, sale: SaleKey): Promise<Outcome | undefined> {
    const reservation = await this.reservations.lockInTime(tx, sale.bookingId);
    return reservation && this.makeOwn(tx, sale, reservation);
  }

  private async makeOwn(tx: Queries, sale: SaleKey, reservation: Reservation): Promise<Outcome> {
    const { bookingId } = sale;
    const answered = await this.sales.record(tx, sale, SOLD);
    if (answered !== undefined) return { reservation: repeated(answered, reservation) };
    if (reservation.status === 'SOLD') return { reservation };
    if (!mayBecome(reservation, 'SOLD')) throw new SeatsLost(bookingId);
    const quietUntil = awaitsPayment(reservation) ? reservation.expiresAt : null;
    const announcement = quietUntil === null ? ANNOUNCEMENT : QUIET_ANNOUNCEMENT;
    const flights = await this.changeFlights(tx, reservation, announcement);
    for (const flight of flights) requireBookable(flight);
    const taken = await this.seats.take(tx, bookingId, reservation.seats, null);
    if (taken.length !== reservation.seats.length) throw new SeatsLost(bookingId);
    await this.reservations.move(tx, bookingId, 'SOLD');
    return {
      reservation: { ...reservation, status: 'SOLD', expiresAt: null },
      change: {
        flights,
        seats: reservation.seats,
        taken: 'sold',
        ...(quietUntil !== null && { quietUntil }),
      },
    };
  }

  private async giveBack(tx: Queries, bookingId: number): Promise<Outcome> {
    const nothing = neverReserved(bookingId);
    if (await this.reservations.add(tx, nothing)) return { reservation: nothing };
    const reservation = await this.existing(tx, bookingId);
    if (reservation.status !== 'RELEASED') return this.free(tx, reservation, 'given_back');
    await this.reservations.move(tx, bookingId, 'RELEASED', 'given_back');
    return { reservation: { ...reservation, releasedBecause: 'given_back' } };
  }

  /** Only seats that were still its own become free: another booking may have taken over those that had expired. */
  private async free(tx: Queries, reservation: Reservation, reason: ReleaseReason): Promise<Outcome> {
    const { bookingId } = reservation;
    const flights = await this.changeFlights(tx, reservation);
    const seats = await this.seats.free(tx, bookingId);
    await this.reservations.move(tx, bookingId, 'RELEASED', reason);
    return {
      reservation: { ...reservation, status: 'RELEASED', expiresAt: null, releasedBecause: reason },
      change: { flights, seats, taken: 'free' },
    };
  }

  private async existing(tx: Queries, bookingId: number): Promise<Reservation> {
    const reservation = await this.reservations.lock(tx, bookingId);
    if (reservation === undefined)
      throw new Error(`Reservation ${bookingId} vanished, and reservations are never deleted.`);
    return reservation;
  }

  private changeFlights(
    tx: Queries,
    { seats }: Reservation,
    announcement = ANNOUNCEMENT,
  ): Promise<ChangedFlight[]> {
    return this.flights.lockForChange(tx, flightIdsOf(seats), announcement);
  }
}

function stillHeld(reservation: Reservation): Reservation {
  if (reservation.status === 'RELEASED') throw new SeatsLost(reservation.bookingId);
  return reservation;
}

function refusal(wanted: readonly SeatOnFlight[], got: readonly NumberedSeat[]): SeatsUnavailable {
  const missing = wanted.filter(
    (seat) =>
      !got.some(({ flightId, seatNumber }) => flightId === seat.flightId && seatNumber === seat.seatNumber),
  );
  const flightId = missing[0]?.flightId ?? 0;
  const onFlight = missing.filter((seat) => seat.flightId === flightId);
  return SeatsUnavailable.taken(
    flightId,
    onFlight.map(({ seatNumber }) => seatNumber),
  );
}
