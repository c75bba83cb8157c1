import type { ReservationRequest } from '@flight-booking/contracts';
import type { Clock, Database, Queries } from '@flight-booking/platform';
import { requireBookable } from '../flights/flight.js';
import type { ChangedFlight, FlightRepository } from '../flights/flight.repository.js';
import { flightIdsOf, mayBecome, type ReleaseReason, type Reservation } from './reservation.js';
import { cabinsBySeat, type LockedSeats, type SeatOnFlight } from './seat.js';
import type { SeatFollowUps } from './seat-follow-ups.js';
import { SeatsLost, SeatsNotLocked, SeatsUnavailable } from './seat.errors.js';
import { findLock, type SeatChange, type SeatLocks } from './seat-locks.js';
import type { SeatRepository } from './seat.repository.js';

/** A committed change of a reservation, with the numbers of the changes of its flights. */
interface Change {
  readonly reservation: Reservation;
  readonly flights: readonly ChangedFlight[];
  readonly taken: SeatChange['taken'];
}

/**
 * The seats of bookings. Every step is keyed by the booking's id and safe to repeat, and every transaction
 * locks the reservation first and then its flights in order of their ids.
 */
export class ReservationService {
  constructor(
    private readonly database: Database,
    private readonly seats: SeatRepository,
    private readonly flights: FlightRepository,
    private readonly locks: SeatLocks,
    private readonly followUps: SeatFollowUps,
    private readonly clock: Clock,
  ) {}

  /**
   * Turns a live lock of the customer into seats of an unpaid booking.
   * @throws SeatsNotLocked | SeatsUnavailable | SeatsLost | FlightCancelled | FlightDeparted
   */
  async reserve(bookingId: number, request: ReservationRequest): Promise<Reservation> {
    const existing = await this.seats.reservation(this.database, bookingId);
    if (existing !== undefined) return stillHeld(existing);
    const locked = await this.lockedSeats(request);
    const expiresAt = new Date(request.expires_at);
    const change = await this.database.transaction((tx) =>
      this.take(tx, bookingId, request.user_id, locked, expiresAt),
    );
    if ('flights' in change) await this.tellRedis(change);
    return stillHeld('flights' in change ? change.reservation : change);
  }

  /**
   * Makes reserved seats the booking's own for good.
   * @throws SeatsLost when it does not have all of them any more
   */
  async sell(bookingId: number): Promise<Reservation> {
    const current = await this.seats.reservation(this.database, bookingId);
    if (current === undefined) throw new SeatsLost(bookingId);
    if (current.status === 'SOLD') return current;
    await this.requireUnlockedByOthers(current);
    const change = await this.database.transaction(async (tx): Promise<Change | Reservation> => {
      const reservation = await this.seats.reservationForUpdate(tx, bookingId);
      if (reservation === undefined || reservation.status === 'SOLD') return reservation ?? current;
      if (!mayBecome(reservation, 'SOLD')) throw new SeatsLost(bookingId);
      const flights = await this.changeFlights(tx, reservation.seats);
      if (flights.some(({ status }) => status === 'CANCELLED')) throw new SeatsLost(bookingId);
      const taken = await this.seats.take(tx, bookingId, reservation.seats, null);
      if (taken.length !== reservation.seats.length) throw new SeatsLost(bookingId);
      await this.seats.moveReservation(tx, bookingId, 'SOLD');
      return { reservation: { ...reservation, status: 'SOLD', expiresAt: null }, flights, taken: 'sold' };
    });
    if (!('flights' in change)) return change;
    await this.tellRedis(change);
    return change.reservation;
  }

  /**
   * Frees the seats of a booking, reserved or sold, once and for good. A booking that has reserved nothing yet is
   * recorded as released, so that a reservation which arrives late is refused.
   */
  async release(bookingId: number): Promise<Reservation> {
    const change = await this.database.transaction((tx) => this.giveBack(tx, bookingId));
    if (!('flights' in change)) return change;
    await this.tellRedis(change);
    return change.reservation;
  }

  /** Frees the seats of a booking that nobody paid in time. A payment that comes late may have them again. */
  async expire(bookingId: number): Promise<void> {
    const change = await this.database.transaction(async (tx) => {
      const reservation = await this.seats.reservationForUpdate(tx, bookingId);
      return reservation?.status === 'RESERVED' && reservation.hasExpired
        ? this.free(tx, reservation, 'expired')
        : undefined;
    });
    if (change !== undefined) await this.tellRedis(change);
  }

  private async lockedSeats(request: ReservationRequest): Promise<LockedSeats[]> {
    const locks = await Promise.all(
      request.flight_ids.map(async (flightId) => [flightId, await this.locks.live(flightId)] as const),
    );
    const lock = findLock(new Map(locks), request.user_id, request.num_seats, request.lock_id);
    if (lock === undefined) throw new SeatsNotLocked(request.flight_ids, request.num_seats);
    return lock.flights;
  }

  private async take(
    tx: Queries,
    bookingId: number,
    userId: number,
    locked: readonly LockedSeats[],
    expiresAt: Date,
  ): Promise<Change | Reservation> {
    const known = await this.flights.find(
      tx,
      locked.map(({ flightId }) => flightId),
    );
    const seats = locked.flatMap(({ flightId, seatNumbers }) => {
      const flight = known.find((candidate) => candidate.flightId === flightId);
      const cabins = flight && cabinsBySeat(flight.aircraftType);
      return seatNumbers.map((seatNumber) => ({
        flightId,
        seatNumber,
        cabin: cabins?.get(seatNumber) ?? 'economy',
      }));
    });
    const reservation: Reservation = {
      bookingId,
      userId,
      status: 'RESERVED',
      seats,
      expiresAt,
      hasExpired: false,
      releasedBecause: null,
    };
    if (!(await this.seats.addReservation(tx, reservation))) return this.existing(tx, bookingId);
    await this.followUps.expireAt(tx, bookingId, expiresAt);
    const flights = await this.changeFlights(tx, seats);
    for (const flight of flights) requireBookable(flight, this.clock.now());
    const taken = await this.seats.take(tx, bookingId, seats, expiresAt);
    if (taken.length !== seats.length) throw refusal(seats, taken);
    return { reservation, flights, taken: expiresAt };
  }

  private async giveBack(tx: Queries, bookingId: number): Promise<Change | Reservation> {
    const nothing: Reservation = {
      bookingId,
      userId: null,
      status: 'RELEASED',
      seats: [],
      expiresAt: null,
      hasExpired: false,
      releasedBecause: 'given_back',
    };
    if (await this.seats.addReservation(tx, nothing)) return nothing;
    const reservation = await this.existing(tx, bookingId);
    if (reservation.status !== 'RELEASED') return this.free(tx, reservation, 'given_back');
    await this.seats.moveReservation(tx, bookingId, 'RELEASED', 'given_back');
    return { ...reservation, releasedBecause: 'given_back' };
  }

  private async free(tx: Queries, reservation: Reservation, reason: ReleaseReason): Promise<Change> {
    const { bookingId, seats } = reservation;
    const flights = await this.changeFlights(tx, seats);
    await this.seats.free(tx, bookingId);
    await this.seats.moveReservation(tx, bookingId, 'RELEASED', reason);
    const released = {
      ...reservation,
      status: 'RELEASED',
      expiresAt: null,
      releasedBecause: reason,
    } as const;
    return { reservation: released, flights, taken: 'free' };
  }

  private async existing(tx: Queries, bookingId: number): Promise<Reservation> {
    const reservation = await this.seats.reservationForUpdate(tx, bookingId);
    if (reservation === undefined)
      throw new Error(`Reservation ${bookingId} vanished, and reservations are never deleted.`);
    return reservation;
  }

  private async changeFlights(tx: Queries, seats: readonly SeatOnFlight[]): Promise<ChangedFlight[]> {
    const flightIds = flightIdsOf(seats);
    await this.followUps.announce(tx, flightIds);
    return this.flights.lockForChange(tx, flightIds);
  }

  /**
   * A payment that comes after its reservation has run out gets the seats only if they are still free, and a
   * seat that another customer has locked meanwhile is not.
   */
  private async requireUnlockedByOthers(reservation: Reservation): Promise<void> {
    const { bookingId, userId, seats, status, hasExpired } = reservation;
    if (status === 'RESERVED' && !hasExpired) return;
    for (const flightId of flightIdsOf(seats)) {
      const others = (await this.locks.live(flightId)).filter((lock) => lock.userId !== userId);
      const wanted = seats.filter((seat) => seat.flightId === flightId);
      if (wanted.some(({ seatNumber }) => others.some((lock) => lock.seatNumber === seatNumber))) {
        throw new SeatsLost(bookingId);
      }
    }
  }

  /** The fast path; where it fails, the job that was committed with the change brings Redis up to date. */
  private async tellRedis({ reservation, flights, taken }: Change): Promise<void> {
    await Promise.allSettled(
      flights.map(({ flightId, version }) => {
        const seats = reservation.seats.filter((seat) => seat.flightId === flightId);
        return this.locks.apply(
          flightId,
          version,
          seats.map(({ seatNumber }) => ({ seatNumber, taken })),
        );
      }),
    );
  }
}

function stillHeld(reservation: Reservation): Reservation {
  if (reservation.status === 'RELEASED') throw new SeatsLost(reservation.bookingId);
  return reservation;
}

function refusal(
  wanted: readonly SeatOnFlight[],
  got: readonly { flightId: number; seatNumber: string }[],
): SeatsUnavailable {
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
