import { unlessDatabaseAway, type Database } from '@flight-booking/platform';
import type { ChangedFlight } from '../flights/flight.repository.js';
import type { AnnouncementRepository } from '../seats/announcement.repository.js';
import { SeatsLost, SeatsNotLocked, SeatsUnavailable } from '../seats/seat.errors.js';
import type { HeldLock, SeatChange } from '../seats/seat.js';
import type { SeatLocks } from '../seats/seat-locks.js';
import type { NumberedSeat } from '../seats/seat.repository.js';
import { findLock } from './find-lock.js';
import { awaitsPayment, flightIdsOf, type Reservation, type ReservationWish } from './reservation.js';

/** What became of which seats, with the numbers of the changes of their flights. */
export interface ReservationChange {
  readonly flights: readonly ChangedFlight[];
  readonly seats: readonly NumberedSeat[];
  readonly taken: SeatChange['taken'];
  /** Of a quiet change: until when it may be left without an announcement. */
  readonly quietUntil?: Date;
}

/** What reservations ask of the locks in Redis and tell them. The database decides, whatever Redis says. */
export class ReservationLocks {
  constructor(
    private readonly locks: SeatLocks,
    private readonly database: Database,
    private readonly announcements: AnnouncementRepository,
  ) {}

  /** The live lock that a customer wants seats of. @throws SeatsNotLocked | LocksUnavailable */
  async heldBy({ userId, flightIds, seatsPerFlight, lockId }: ReservationWish): Promise<HeldLock> {
    const locks = await Promise.all(
      flightIds.map(async (flightId) => [flightId, await this.locks.live(flightId)] as const),
    );
    const found = findLock(new Map(locks), userId, seatsPerFlight, lockId);
    if (found === undefined) throw new SeatsNotLocked(flightIds, seatsPerFlight);
    return { ...found, span: await this.locks.spanOf(found.lockId) };
  }

  /**
   * A payment that comes after its reservation has run out gets the seats only if they are still free, and a
   * seat that another customer has locked meanwhile is not.
   * @throws SeatsLost | LocksUnavailable
   */
  async requireUnlockedByOthers(reservation: Reservation): Promise<void> {
    const { bookingId, userId, seats, status } = reservation;
    if (status === 'SOLD' || awaitsPayment(reservation)) return;
    for (const flightId of flightIdsOf(seats)) {
      const others = (await this.locks.live(flightId)).filter((lock) => lock.userId !== userId);
      const wanted = seats.filter((seat) => seat.flightId === flightId);
      if (wanted.some(({ seatNumber }) => others.some((lock) => lock.seatNumber === seatNumber))) {
        throw new SeatsLost(bookingId);
      }
    }
  }

  /** Redis took seats for free that the database refuses, so what it holds of their flights is read anew. */
  async distrusting<Result>(flightIds: readonly number[], work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SeatsUnavailable || error instanceof SeatsLost)
        await Promise.allSettled(flightIds.map((flightId) => this.locks.forgetTaken(flightId)));
      throw error;
    }
  }

  /**
   * Tells of a change that is committed, and of a quiet one nobody else: when Redis has heard all of it, its announcements
   * are taken back. Where either fails they stay and bring Redis up to date.
   */
  async tell({ flights, seats, taken, quietUntil }: ReservationChange): Promise<void> {
    const told = await Promise.allSettled(
      flights.map(({ flightId, version }) => {
        const changes = seats
          .filter((seat) => seat.flightId === flightId)
          .map(({ seatNumber }) => ({ seatNumber, taken }));
        return this.locks.apply(flightId, version, changes);
      }),
    );
    if (quietUntil === undefined || told.some(({ status }) => status === 'rejected')) return;
    await Promise.all(
      flights.map((flight) =>
        unlessDatabaseAway(this.announcements.takeBack(this.database, flight, quietUntil)),
      ),
    );
  }
}
