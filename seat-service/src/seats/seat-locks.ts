import { randomInt } from 'node:crypto';
import type { Counter, Database } from '@flight-booking/platform';
import type { Grant, LockableFlight, LockOwner, LockStore } from './lock-store.js';
import {
  MAX_LOCKED_SEATS_PER_USER,
  type LiveLock,
  type SeatChange,
  type SeatLock,
  type SeatWish,
} from './seat.js';
import { LockLimitReached, LockNotFound, LocksUnavailable, SeatsUnavailable } from './seat.errors.js';
import type { SeatRepository } from './seat.repository.js';

/** How long locks live. */
export interface SeatLocksOptions {
  readonly ttlMs: number;
}

const MAX_LOCK_ID = 2 ** 48 - 1;
/** A lock over several flights is short until all of them have granted it: a crash in between leaves nothing behind for long. */
const MAX_PROVISIONAL_TTL_MS = 5_000;
const MAX_LOADS = 5;

/**
 * Short-lived seat locks in Redis, decided by one script per flight. Redis holds only what the database can
 * rebuild: taken seats are loaded when a flight is first touched, and losing Redis loses locks, never a seat.
 */
export class SeatLocks {
  constructor(
    private readonly store: LockStore,
    private readonly database: Database,
    private readonly seats: SeatRepository,
    private readonly outcomes: Counter<'outcome'>,
    private readonly options: SeatLocksOptions,
  ) {}

  /**
   * Locks what is wished on every flight, or nothing on any.
   * @throws SeatsUnavailable | LockLimitReached | LocksUnavailable
   */
  async lock(userId: number, flights: readonly LockableFlight[], wish: SeatWish): Promise<SeatLock> {
    const owner = { lockId: randomInt(1, MAX_LOCK_ID), userId };
    const { ttlMs } = this.options;
    const firstTtlMs = flights.length === 1 ? ttlMs : Math.min(ttlMs, MAX_PROVISIONAL_TTL_MS);
    const granted = new Map<number, Grant>();
    try {
      for (const flight of flights.toSorted((a, b) => a.flightId - b.flightId)) {
        granted.set(flight.flightId, await this.grant(owner, flight, wish, firstTtlMs));
      }
      const expiresAt = new Date(await this.settle(owner, granted));
      await this.store.record(owner, [...granted.keys()], expiresAt);
      this.outcomes.inc({ outcome: 'locked' });
      const locked = flights.map(({ flightId }) => ({
        flightId,
        seatNumbers: granted.get(flightId)?.seatNumbers ?? [],
      }));
      return { ...owner, flights: locked, expiresAt };
    } catch (error) {
      this.outcomes.inc({ outcome: 'refused' });
      await Promise.allSettled([...granted.keys()].map((flightId) => this.store.release(flightId, owner)));
      throw error;
    }
  }

  /** Gives a lock back. @throws LockNotFound when the user holds no such lock any more */
  async release(userId: number, lockId: number): Promise<void> {
    const record = await this.store.findRecord(lockId);
    if (record?.userId !== userId) throw new LockNotFound(lockId);
    await this.store.forgetRecord(lockId);
    const released = await Promise.all(
      record.flightIds.map((flightId) => this.store.release(flightId, { lockId, userId })),
    );
    if (released.every((count) => count === 0)) throw new LockNotFound(lockId);
  }

  /** The locks of a flight that have not expired. @throws LocksUnavailable */
  live(flightId: number): Promise<LiveLock[]> {
    return this.store.live(flightId);
  }

  /** Tells Redis of a committed change of a flight's seats. `version` is the number of the change. */
  async apply(flightId: number, version: number, changes: readonly SeatChange[]): Promise<void> {
    await this.store.apply(flightId, version, changes);
  }

  /** Makes sure that Redis does not hold a state older than this version, whoever failed to apply it. */
  async catchUp(flightId: number, version: number): Promise<void> {
    await this.store.apply(flightId, version, []);
  }

  private async grant(
    owner: LockOwner,
    flight: LockableFlight,
    wish: SeatWish,
    ttlMs: number,
  ): Promise<Grant> {
    const { flightId } = flight;
    const terms = { ttlMs, limit: MAX_LOCKED_SEATS_PER_USER };
    for (let attempt = 0; attempt < MAX_LOADS; attempt += 1) {
      const answer = await this.store.lock(flight, owner, wish, terms);
      switch (answer.verdict) {
        case 'LOCKED':
          return answer;
        case 'TAKEN':
          throw SeatsUnavailable.taken(flightId, answer.seatNumbers);
        case 'NOT_ENOUGH':
          throw SeatsUnavailable.notEnough(flightId, 'count' in wish ? wish.count : 0, answer.free);
        case 'LIMIT':
          throw new LockLimitReached(flightId, answer.held, MAX_LOCKED_SEATS_PER_USER);
        case 'NOT_LOADED':
          await this.store.load(flightId, await this.seats.taken(this.database, flightId));
      }
    }
    throw new LocksUnavailable();
  }

  /** Turns the provisional locks of several flights into full ones. Answers when they end. */
  private async settle(owner: LockOwner, granted: ReadonlyMap<number, Grant>): Promise<number> {
    const [first] = granted.values();
    if (granted.size === 1 && first !== undefined) return first.expiresAtMs;
    const expiresAtMs = Math.max(...[...granted.values()].map(({ nowMs }) => nowMs)) + this.options.ttlMs;
    for (const [flightId, { seatNumbers }] of granted) {
      if (!(await this.store.extend(flightId, owner, seatNumbers, expiresAtMs))) throw new LocksUnavailable();
    }
    return expiresAtMs;
  }
}
