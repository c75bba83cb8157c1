import type { AircraftType, Cabin, SeatsByCabin } from '@flight-booking/contracts';
import type { Database, IdempotencyClaim } from '@flight-booking/platform';
import { requireBookable, type Flight } from '../flights/flight.js';
import type { FlightService } from '../flights/flight.service.js';
import {
  cabinsBySeat,
  countFree,
  type LiveLock,
  type SeatLock,
  type SeatStatus,
  type SeatWish,
} from './seat.js';
import { lockIdOf, newLockId } from './lock-id.js';
import { LocksUnavailable, UnknownSeats } from './seat.errors.js';
import type { SeatLocks } from './seat-locks.js';
import type { SeatRepository } from './seat.repository.js';

/** A seat of the map, with what it is to the customer who looks. */
export interface MappedSeat {
  readonly seatNumber: string;
  readonly cabin: Cabin;
  readonly status: SeatStatus;
  /** Whether the lock on it is the customer's own. */
  readonly mine: boolean;
}

/** The seats of a flight at one moment. */
export interface SeatMap {
  readonly flightId: number;
  readonly aircraftType: AircraftType;
  readonly seats: readonly MappedSeat[];
}

/** Seats of a flight that could be locked. */
export interface AvailableSeats {
  readonly flightId: number;
  readonly available: SeatsByCabin;
}

/** What customers do with seats: look at them and lock them. */
export class SeatService {
  constructor(
    private readonly database: Database,
    private readonly flights: FlightService,
    private readonly seats: SeatRepository,
    private readonly locks: SeatLocks,
  ) {}

  /**
   * Locks every seat or none, on one flight or on all flights of an itinerary. All attempts under one idempotency key
   * get the same lock.
   * @throws FlightNotFound | FlightCancelled | FlightDeparted | UnknownSeats
   * @throws SeatsUnavailable | LockLimitReached | LocksUnavailable
   */
  async lock(
    userId: number,
    flightIds: readonly number[],
    wish: SeatWish,
    claim?: IdempotencyClaim,
  ): Promise<SeatLock> {
    const flights = await this.flights.require(flightIds);
    for (const flight of flights) {
      requireBookable(flight);
      if ('seatNumbers' in wish) requireKnown(flight, wish.seatNumbers);
    }
    const lockId = claim === undefined ? newLockId() : await this.boundLockId(claim);
    return this.locks.lock({ lockId, userId }, flights, wish);
  }

  /** @throws LockNotFound | LocksUnavailable */
  async release(userId: number, lockId: number): Promise<void> {
    await this.locks.release(userId, lockId);
  }

  /** @throws FlightNotFound */
  async map(userId: number, flightId: number): Promise<SeatMap> {
    const [flight] = await this.flights.require([flightId]);
    const [{ seats: taken }, locks] = await Promise.all([
      this.seats.taken(this.database, flightId),
      this.knownLocks(flightId),
    ]);
    const { aircraftType } = flight as Flight;
    const takenBy = new Map(taken.map((seat) => [seat.seatNumber, seat]));
    const lockedBy = new Map(locks.map((lock) => [lock.seatNumber, lock.userId]));
    return {
      flightId,
      aircraftType,
      seats: [...cabinsBySeat(aircraftType)].map(([seatNumber, cabin]) => {
        const owner = takenBy.get(seatNumber);
        if (owner !== undefined) {
          return { seatNumber, cabin, status: owner.expiresAt === null ? 'sold' : 'reserved', mine: false };
        }
        const locker = lockedBy.get(seatNumber);
        return {
          seatNumber,
          cabin,
          status: locker === undefined ? 'available' : 'locked',
          mine: locker === userId,
        };
      }),
    };
  }

  /** Seats that could be locked right now, by flight and cabin. @throws FlightNotFound */
  async availability(flightIds: readonly number[]): Promise<AvailableSeats[]> {
    const flights = await this.flights.require(flightIds);
    return Promise.all(
      flights.map(async (flight) => {
        const [{ seats }, locks] = await Promise.all([
          this.seats.taken(this.database, flight.flightId),
          this.knownLocks(flight.flightId),
        ]);
        return { flightId: flight.flightId, available: countFree(flight.aircraftType, [...seats, ...locks]) };
      }),
    );
  }

  /**
   * The key remembers the lock before Redis does: an attempt whose end nobody saw may have locked the seats, and the
   * next must not take its lock for a stranger's.
   */
  private async boundLockId(claim: IdempotencyClaim): Promise<number> {
    const lockId = claim.resourceId ?? lockIdOf(claim.effectId);
    await this.database.transaction((tx) => claim.bind(tx, lockId));
    return lockId;
  }

  /** While Redis is away nobody can lock anything, and the map shows what is sold all the same. */
  private async knownLocks(flightId: number): Promise<LiveLock[]> {
    try {
      return await this.locks.live(flightId);
    } catch (error) {
      if (error instanceof LocksUnavailable) return [];
      throw error;
    }
  }
}

function requireKnown(flight: Flight, seatNumbers: readonly string[]): void {
  const cabins = cabinsBySeat(flight.aircraftType);
  const unknown = seatNumbers.filter((seat) => !cabins.has(seat));
  if (unknown.length > 0) throw new UnknownSeats(flight.flightId, unknown);
}
