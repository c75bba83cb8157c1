import { randomInt } from 'node:crypto';
import type { AircraftType, Cabin } from '@flight-booking/contracts';
import { RedisScript, type Counter, type Database, type RedisStore } from '@flight-booking/platform';
import { z } from 'zod';
import { MAX_LOCKED_SEATS_PER_USER, layoutsOf, type LockedSeats, type SeatLock } from './seat.js';
import { LockLimitReached, LockNotFound, LocksUnavailable, SeatsUnavailable } from './seat.errors.js';
import type { SeatRepository, TakenSeat } from './seat.repository.js';

/** What a customer wants of one flight: these seats, or the best that lie together. */
export type SeatWish =
  { readonly seatNumbers: readonly string[] } | { readonly count: number; readonly cabin: Cabin };

/** A flight whose seats are to be locked. */
export interface LockableFlight {
  readonly flightId: number;
  readonly aircraftType: AircraftType;
}

/** A seat that somebody holds for now. */
export interface LiveLock {
  readonly seatNumber: string;
  readonly lockId: number;
  readonly userId: number;
}

/** A seat that became taken until an instant, was sold for good, or became free. */
export interface SeatChange {
  readonly seatNumber: string;
  readonly taken: Date | 'sold' | 'free';
}

/** How long locks live. */
export interface SeatLocksOptions {
  readonly ttlMs: number;
}

type Verdict = [verdict: string, ...rest: (string | number)[]];

const lockSeats = RedisScript.fromFile<Verdict>(script('lock-seats'));
const extendLock = RedisScript.fromFile<number>(script('extend-lock'));
const releaseLock = RedisScript.fromFile<number>(script('release-lock'));
const liveLocks = RedisScript.fromFile<string[]>(script('live-locks'));
const loadTaken = RedisScript.fromFile<number>(script('load-taken'));
const applyChange = RedisScript.fromFile<number>(script('apply-change'));

/** The scripts lie in src, for the compiler does not copy them. */
function script(name: string): URL {
  return new URL(`../../src/seats/${name}.lua`, import.meta.url);
}

const MAX_LOCK_ID = 2 ** 48 - 1;
/** A lock over several flights is short until all of them have granted it: a crash in between leaves nothing behind for long. */
const PROVISIONAL_TTL_MS = 5_000;
/** Even without any change the taken seats are read anew from the database now and then. */
const TAKEN_TTL_MS = 3_600_000;
const MAX_LOADS = 5;
/** How the scripts write a seat that is taken for good. */
const SOLD = '0';

const lockRecord = z.object({ userId: z.number(), flightIds: z.array(z.number()) });

const takenKey = (flightId: number): string => `seats:{${flightId}}:taken`;
const locksKey = (flightId: number): string => `seats:{${flightId}}:locks`;
const recordKey = (lockId: number): string => `seat-lock:${lockId}`;

/**
 * Short-lived seat locks in Redis, decided by one script per flight. Redis holds only what the database can
 * rebuild: taken seats are loaded when a flight is first touched, and losing Redis loses locks, never a seat.
 */
export class SeatLocks {
  constructor(
    private readonly redis: RedisStore,
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
    const lockId = randomInt(1, MAX_LOCK_ID);
    const ttlMs = flights.length === 1 ? this.options.ttlMs : PROVISIONAL_TTL_MS;
    const granted = new Map<number, Grant>();
    try {
      for (const flight of flights.toSorted((a, b) => a.flightId - b.flightId)) {
        granted.set(flight.flightId, await this.grant(lockId, userId, flight, wish, ttlMs));
      }
      const expiresAtMs = await this.settle(lockId, userId, granted);
      await this.record(lockId, userId, [...granted.keys()], expiresAtMs);
      this.outcomes.inc({ outcome: 'locked' });
      return {
        lockId,
        userId,
        flights: flights.map(({ flightId }) => ({
          flightId,
          seatNumbers: granted.get(flightId)?.seatNumbers ?? [],
        })),
        expiresAt: new Date(expiresAtMs),
      };
    } catch (error) {
      this.outcomes.inc({ outcome: 'refused' });
      await Promise.allSettled(
        [...granted.keys()].map((flightId) => this.releaseOn(flightId, lockId, userId)),
      );
      throw error;
    }
  }

  /** Gives a lock back. @throws LockNotFound when the user holds no such lock any more */
  async release(userId: number, lockId: number): Promise<void> {
    const text = await this.reach(() => this.redis.client.get(recordKey(lockId)));
    const record = text === null ? undefined : lockRecord.parse(JSON.parse(text));
    if (record?.userId !== userId) throw new LockNotFound(lockId);
    await this.reach(() => this.redis.client.del(recordKey(lockId)));
    const released = await Promise.all(
      record.flightIds.map((flightId) => this.releaseOn(flightId, lockId, userId)),
    );
    if (released.every((count) => count === 0)) throw new LockNotFound(lockId);
  }

  /** The locks of a flight that have not expired. */
  async live(flightId: number): Promise<LiveLock[]> {
    const pairs = await this.reach(() => liveLocks.run(this.redis.client, [locksKey(flightId)], []));
    const locks: LiveLock[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      const [lockId, userId] = (pairs[i + 1] ?? '').split(':').map(Number);
      locks.push({ seatNumber: pairs[i] ?? '', lockId: lockId ?? 0, userId: userId ?? 0 });
    }
    return locks;
  }

  /** Tells Redis of a committed change of a flight's seats. `version` is the number of the change. */
  async apply(flightId: number, version: number, changes: readonly SeatChange[]): Promise<void> {
    const values = changes.flatMap(({ seatNumber, taken }) => [seatNumber, encode(taken)]);
    await this.reach(() =>
      applyChange.run(this.redis.client, [takenKey(flightId), locksKey(flightId)], [version, ...values]),
    );
  }

  /** Makes sure that Redis does not hold a state older than this version, whoever failed to apply it. */
  async catchUp(flightId: number, version: number): Promise<void> {
    await this.apply(flightId, version, []);
  }

  private async grant(
    lockId: number,
    userId: number,
    flight: LockableFlight,
    wish: SeatWish,
    ttlMs: number,
  ): Promise<Grant> {
    const keys = [takenKey(flight.flightId), locksKey(flight.flightId)];
    const values = [
      lockId,
      userId,
      ttlMs,
      MAX_LOCKED_SEATS_PER_USER,
      ...wishArguments(wish, flight.aircraftType),
    ];
    for (let attempt = 0; attempt < MAX_LOADS; attempt += 1) {
      const [verdict, ...rest] = await this.reach(() => lockSeats.run(this.redis.client, keys, values));
      if (verdict === 'NOT_LOADED') await this.load(flight.flightId);
      else return grantOf(verdict, rest, flight.flightId, wish);
    }
    throw new LocksUnavailable();
  }

  private async load(flightId: number): Promise<void> {
    const { version, seats } = await this.seats.taken(this.database, flightId);
    const values = seats.flatMap((seat: TakenSeat) => [seat.seatNumber, encode(seat.expiresAt ?? 'sold')]);
    await this.reach(() =>
      loadTaken.run(this.redis.client, [takenKey(flightId)], [version, TAKEN_TTL_MS, ...values]),
    );
  }

  /** Turns the provisional locks of several flights into full ones. */
  private async settle(lockId: number, userId: number, granted: ReadonlyMap<number, Grant>): Promise<number> {
    const [first] = granted.values();
    if (granted.size === 1 && first !== undefined) return first.expiresAtMs;
    const expiresAtMs = Math.max(...[...granted.values()].map(({ nowMs }) => nowMs)) + this.options.ttlMs;
    for (const [flightId, { seatNumbers }] of granted) {
      const values = [lockId, userId, expiresAtMs, ...seatNumbers];
      const extended = await this.reach(() =>
        extendLock.run(this.redis.client, [locksKey(flightId)], values),
      );
      if (extended !== 1) throw new LocksUnavailable();
    }
    return expiresAtMs;
  }

  private async record(
    lockId: number,
    userId: number,
    flightIds: readonly number[],
    expiresAtMs: number,
  ): Promise<void> {
    const value = JSON.stringify({ userId, flightIds });
    await this.reach(() => this.redis.client.set(recordKey(lockId), value, { PXAT: expiresAtMs }));
  }

  private releaseOn(flightId: number, lockId: number, userId: number): Promise<number> {
    return this.reach(() => releaseLock.run(this.redis.client, [locksKey(flightId)], [lockId, userId]));
  }

  private async reach<Result>(command: () => Promise<Result>): Promise<Result> {
    try {
      return await command();
    } catch (error) {
      throw new LocksUnavailable({ cause: error });
    }
  }
}

interface Grant {
  readonly seatNumbers: readonly string[];
  readonly expiresAtMs: number;
  readonly nowMs: number;
}

const encode = (taken: SeatChange['taken']): string => {
  if (taken === 'sold') return SOLD;
  return taken === 'free' ? '' : String(taken.getTime());
};

function wishArguments(wish: SeatWish, type: AircraftType): (string | number)[] {
  if ('seatNumbers' in wish) return ['named', ...wish.seatNumbers];
  const blocks = layoutsOf(type, wish.cabin).map(
    ({ firstRow, lastRow, groups }) => `${firstRow}-${lastRow}:${groups.join('|')}`,
  );
  return ['best', wish.count, ...blocks];
}

function grantOf(
  verdict: string,
  rest: readonly (string | number)[],
  flightId: number,
  wish: SeatWish,
): Grant {
  switch (verdict) {
    case 'LOCKED': {
      const [expiresAtMs, nowMs, ...seatNumbers] = rest;
      return { expiresAtMs: Number(expiresAtMs), nowMs: Number(nowMs), seatNumbers: seatNumbers.map(String) };
    }
    case 'TAKEN':
      throw SeatsUnavailable.taken(flightId, rest.map(String));
    case 'NOT_ENOUGH':
      throw SeatsUnavailable.notEnough(flightId, 'count' in wish ? wish.count : 0, Number(rest[0] ?? 0));
    case 'LIMIT':
      throw new LockLimitReached(flightId, Number(rest[0]), MAX_LOCKED_SEATS_PER_USER);
    default:
      throw new Error(`lock-seats.lua answered ${verdict}`);
  }
}

/** The seats of each flight that one lock of a user holds, when it holds the same flights and number that are asked for. */
export function findLock(
  locksByFlight: ReadonlyMap<number, readonly LiveLock[]>,
  userId: number,
  seatsPerFlight: number,
  lockId: number | undefined,
): { readonly lockId: number; readonly flights: LockedSeats[] } | undefined {
  const flightIds = [...locksByFlight.keys()];
  const mine = (flightId: number, id: number): string[] =>
    (locksByFlight.get(flightId) ?? [])
      .filter((lock) => lock.userId === userId && lock.lockId === id)
      .map(({ seatNumber }) => seatNumber);
  const candidates = new Set([...locksByFlight.values()].flat().map((lock) => lock.lockId));
  for (const candidate of candidates) {
    if (lockId !== undefined && candidate !== lockId) continue;
    const flights = flightIds.map((flightId) => ({ flightId, seatNumbers: mine(flightId, candidate) }));
    if (flights.every(({ seatNumbers }) => seatNumbers.length === seatsPerFlight))
      return { lockId: candidate, flights };
  }
  return undefined;
}
