import type { Counter, Database } from '@flight-booking/platform';
import type { Grant, LockableFlight, LockOwner, LockStore, LockVerdict } from './lock-store.js';
import {
  MAX_LOCKED_SEATS_PER_USER,
  type LiveLock,
  type LockSpan,
  type SeatChange,
  type SeatLock,
  type SeatWish,
} from './seat.js';
import { LockLimitReached, LockNotFound, LocksUnavailable, SeatsUnavailable } from './seat.errors.js';
import type { SeatRepository } from './seat.repository.js';

/** Seats of a flight that a lock was given, now or by an earlier attempt. */
type LockedFlight = Extract<LockVerdict, Grant>;

/** How long locks live. */
export interface SeatLocksOptions {
  readonly ttlMs: number;
}

/**
 * A lock over several flights is short until all of them have granted it: a crash in between leaves nothing behind for
 * long.
 */
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
   * Locks what is wished on every flight, or nothing on any. Another attempt under the same id gets the same lock, as
   * long as it lives.
   * @throws SeatsUnavailable | LockLimitReached | LocksUnavailable
   */
  async lock(owner: LockOwner, flights: readonly LockableFlight[], wish: SeatWish): Promise<SeatLock> {
    const { ttlMs } = this.options;
    const firstTtlMs = flights.length === 1 ? ttlMs : Math.min(ttlMs, MAX_PROVISIONAL_TTL_MS);
    const granted = new Map<number, LockedFlight>();
    try {
      for (const flight of flights.toSorted((a, b) => a.flightId - b.flightId)) {
        granted.set(flight.flightId, await this.grant(owner, flight, wish, firstTtlMs));
      }
      const span = await this.settle(owner, granted);
      const locked = flights.map(({ flightId }) => ({
        flightId,
        seatNumbers: granted.get(flightId)?.seatNumbers ?? [],
      }));
      const now = new Date(latestOf(granted));
      const lock = { ...owner, flights: locked, ...span, now };
      await this.store.record(lock);
      this.outcomes.inc({ outcome: 'locked' });
      return lock;
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

  /** From when to when a lock is held; undefined when Redis does not know. @throws LocksUnavailable */
  async spanOf(lockId: number): Promise<LockSpan | undefined> {
    const record = await this.store.findRecord(lockId);
    if (record?.lockedAtMs === undefined || record.expiresAtMs === undefined) return undefined;
    return { lockedAt: new Date(record.lockedAtMs), expiresAt: new Date(record.expiresAtMs) };
  }

  /** Tells Redis of a committed change of a flight's seats. `version` is the number of the change. */
  async apply(flightId: number, version: number, changes: readonly SeatChange[]): Promise<void> {
    await this.store.apply(flightId, version, changes);
  }

  /** Makes Redis read the taken seats of a flight anew when they are next needed. */
  async forgetTaken(flightId: number): Promise<void> {
    await this.store.forgetTaken(flightId);
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
  ): Promise<LockedFlight> {
    const { flightId } = flight;
    const terms = { ttlMs, limit: MAX_LOCKED_SEATS_PER_USER };
    for (let attempt = 0; attempt < MAX_LOADS; attempt += 1) {
      const answer = await this.store.lock(flight, owner, wish, terms);
      switch (answer.verdict) {
        case 'LOCKED':
        case 'HELD':
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

  /**
   * Turns the provisional locks of several flights into full ones, and says from when to when they are held. A lock
   * that an earlier attempt has settled stays as it is.
   */
  private async settle(owner: LockOwner, granted: ReadonlyMap<number, LockedFlight>): Promise<LockSpan> {
    const grants = [...granted.values()];
    const isHeld = grants.every(({ verdict }) => verdict === 'HELD');
    const settled = isHeld ? await this.spanOf(owner.lockId) : undefined;
    if (settled !== undefined) return settled;
    const lockedAtMs = latestOf(granted);
    const expiresAtMs = lockedAtMs + this.options.ttlMs;
    const [first] = grants;
    if (grants.length === 1 && first !== undefined)
      return { lockedAt: new Date(lockedAtMs), expiresAt: new Date(first.expiresAtMs) };
    for (const [flightId, { seatNumbers }] of granted) {
      if (!(await this.store.extend(flightId, owner, seatNumbers, expiresAtMs))) throw new LocksUnavailable();
    }
    return { lockedAt: new Date(lockedAtMs), expiresAt: new Date(expiresAtMs) };
  }
}

/** The time of the last grant, by the clock of Redis. */
const latestOf = (granted: ReadonlyMap<number, LockedFlight>): number =>
  Math.max(...[...granted.values()].map(({ nowMs }) => nowMs));
