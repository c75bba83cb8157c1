import type { AircraftType } from '@flight-booking/contracts';
import { RedisScript, type RedisStore } from '@flight-booking/platform';
import { z } from 'zod';
import {
  layoutsOf,
  type LiveLock,
  type SeatChange,
  type SeatLock,
  type SeatWish,
  type TakenSeats,
} from './seat.js';
import { LocksUnavailable } from './seat.errors.js';

/** Whose lock it is. */
export interface LockOwner {
  readonly lockId: number;
  readonly userId: number;
}

/** A flight whose seats are to be locked. */
export interface LockableFlight {
  readonly flightId: number;
  readonly aircraftType: AircraftType;
}

/** How long the seats are locked, and how many of the flight the user may hold. */
export interface LockTerms {
  readonly ttlMs: number;
  readonly limit: number;
}

/** Seats of a flight that a lock was given. `nowMs` is the time by the clock of Redis. */
export interface Grant {
  readonly seatNumbers: readonly string[];
  readonly expiresAtMs: number;
  readonly nowMs: number;
}

/**
 * What became of a wish. `HELD`: the lock holds seats of the flight since an earlier attempt. `NOT_LOADED`: the
 * flight's taken seats have to be read from the database first.
 */
export type LockVerdict =
  | ({ readonly verdict: 'LOCKED' | 'HELD' } & Grant)
  | { readonly verdict: 'NOT_LOADED' }
  | { readonly verdict: 'TAKEN'; readonly seatNumbers: readonly string[] }
  | { readonly verdict: 'NOT_ENOUGH'; readonly free: number }
  | { readonly verdict: 'LIMIT'; readonly held: number };

type Answer = [verdict: string, ...rest: (string | number)[]];

const lockSeats = RedisScript.fromFile<Answer>(script('lock-seats'));
const extendLock = RedisScript.fromFile<number>(script('extend-lock'));
const releaseLock = RedisScript.fromFile<number>(script('release-lock'));
const liveLocks = RedisScript.fromFile<string[]>(script('live-locks'));
const loadTaken = RedisScript.fromFile<number>(script('load-taken'));
const applyChange = RedisScript.fromFile<number>(script('apply-change'));

/** The scripts lie in src, for the compiler does not copy them. */
function script(name: string): URL {
  return new URL(`../../src/seats/${name}.lua`, import.meta.url);
}

/** Even without any change the taken seats are read anew from the database now and then. */
const TAKEN_TTL_MS = 3_600_000;
/** Longer than anybody takes to read a flight's seats from the database. */
const DROPPED_TTL_MS = 60_000;
/** How the scripts write a seat that is taken for good. */
const SOLD = '0';

/** A record that an older version of this service wrote has no times. */
const lockRecord = z.object({
  userId: z.number(),
  flightIds: z.array(z.number()),
  lockedAtMs: z.number().optional(),
  expiresAtMs: z.number().optional(),
});
/** Whose lock it is, on which flights, from when to when. */
export type LockRecord = Readonly<z.infer<typeof lockRecord>>;

/** Both keys of a flight share a hash tag, so that one script may touch them on a cluster. */
const takenKey = (flightId: number): string => `seats:{${flightId}}:taken`;
const locksKey = (flightId: number): string => `seats:{${flightId}}:locks`;
const droppedKey = (flightId: number): string => `seats:{${flightId}}:dropped`;
const recordKey = (lockId: number): string => `seat-lock:${lockId}`;

/**
 * Locks and taken seats as they lie in Redis: the keys, and what the scripts are told and answer. Everything
 * here throws LocksUnavailable when Redis cannot be reached.
 */
export class LockStore {
  constructor(private readonly redis: RedisStore) {}

  /** Locks all that is wished on a flight, or nothing; once, however often the same lock is asked for. */
  async lock(
    { flightId, aircraftType }: LockableFlight,
    { lockId, userId }: LockOwner,
    wish: SeatWish,
    { ttlMs, limit }: LockTerms,
  ): Promise<LockVerdict> {
    const keys = [takenKey(flightId), locksKey(flightId)];
    const values = [lockId, userId, ttlMs, limit, ...wishArguments(wish, aircraftType)];
    return verdictOf(await this.reach(() => lockSeats.run(this.redis.client, keys, values)));
  }

  /** Gives the seats of a lock a later end. Answers false when it is not whole any more. */
  async extend(
    flightId: number,
    { lockId, userId }: LockOwner,
    seatNumbers: readonly string[],
    expiresAtMs: number,
  ): Promise<boolean> {
    const values = [lockId, userId, expiresAtMs, ...seatNumbers];
    return (await this.reach(() => extendLock.run(this.redis.client, [locksKey(flightId)], values))) === 1;
  }

  /** Gives back what a lock holds on a flight. Answers how many seats those were. */
  release(flightId: number, { lockId, userId }: LockOwner): Promise<number> {
    return this.reach(() => releaseLock.run(this.redis.client, [locksKey(flightId)], [lockId, userId]));
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

  /** Fills in the taken seats of a flight, unless a newer state is there. */
  async load(flightId: number, { version, seats }: TakenSeats): Promise<void> {
    const values = seats.flatMap(({ seatNumber, expiresAt }) => [seatNumber, encode(expiresAt ?? 'sold')]);
    await this.reach(() =>
      loadTaken.run(
        this.redis.client,
        [takenKey(flightId), droppedKey(flightId)],
        [version, TAKEN_TTL_MS, ...values],
      ),
    );
  }

  /** Applies a committed change of a flight's seats. `version` is the number of the change. */
  async apply(flightId: number, version: number, changes: readonly SeatChange[]): Promise<void> {
    const values = changes.flatMap(({ seatNumber, taken }) => [seatNumber, encode(taken)]);
    await this.reach(() =>
      applyChange.run(
        this.redis.client,
        [takenKey(flightId), locksKey(flightId), droppedKey(flightId)],
        [version, DROPPED_TTL_MS, ...values],
      ),
    );
  }

  async forgetTaken(flightId: number): Promise<void> {
    await this.reach(() => this.redis.client.del(takenKey(flightId)));
  }

  async record({ lockId, userId, flights, lockedAt, expiresAt }: SeatLock): Promise<void> {
    const record: LockRecord = {
      userId,
      flightIds: flights.map(({ flightId }) => flightId),
      lockedAtMs: lockedAt.getTime(),
      expiresAtMs: expiresAt.getTime(),
    };
    const expiration = { type: 'PXAT', value: expiresAt.getTime() } as const;
    await this.reach(() => this.redis.client.set(recordKey(lockId), JSON.stringify(record), { expiration }));
  }

  async findRecord(lockId: number): Promise<LockRecord | undefined> {
    const text = await this.reach(() => this.redis.client.get(recordKey(lockId)));
    return text === null ? undefined : lockRecord.parse(JSON.parse(text));
  }

  async forgetRecord(lockId: number): Promise<void> {
    await this.reach(() => this.redis.client.del(recordKey(lockId)));
  }

  private async reach<Result>(command: () => Promise<Result>): Promise<Result> {
    try {
      return await command();
    } catch (error) {
      throw new LocksUnavailable({ cause: error });
    }
  }
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

function verdictOf([verdict, ...rest]: Answer): LockVerdict {
  switch (verdict) {
    case 'LOCKED':
    case 'HELD': {
      const [expiresAtMs, nowMs, ...seatNumbers] = rest;
      return {
        verdict,
        expiresAtMs: Number(expiresAtMs),
        nowMs: Number(nowMs),
        seatNumbers: seatNumbers.map(String),
      };
    }
    case 'NOT_LOADED':
      return { verdict };
    case 'TAKEN':
      return { verdict, seatNumbers: rest.map(String) };
    case 'NOT_ENOUGH':
      return { verdict, free: Number(rest[0] ?? 0) };
    case 'LIMIT':
      return { verdict, held: Number(rest[0]) };
    default:
      throw new Error(`lock-seats.lua answered ${verdict}`);
  }
}
