import { createHash, randomUUID } from 'node:crypto';
import type { Lifecycle, Logger, RedisStore } from '@flight-booking/platform';
import { RedisScript } from '@flight-booking/platform';
import { calendarDateOf, type EpochDay } from '../airports/airport-time.js';
import type { FlightChange } from './flight-change.js';
import type { IndexListener } from './index-follower.js';
import { type Concerns, searchDaysOf } from './kept-answer.js';
import { bytesInRedis, StoredBytes } from './stored-bytes.js';

const STORE = RedisScript.fromFile<number>(new URL('../../src/search/store-answer.lua', import.meta.url));
const DROP = RedisScript.fromFile<number>(new URL('../../src/search/drop-answers.lua', import.meta.url));

/** Where an answer belongs: the day of its first departure, and everything that was asked. */
export interface DayKey {
  readonly day: EpochDay;
  readonly query: string;
}

/** A stored answer, or what a later {@link SearchCache.store} needs to know that nothing changed meanwhile. */
export type CacheRead =
  | { readonly answer: string; readonly seen?: undefined }
  | { readonly answer: undefined; readonly seen: SeenChanges | undefined };

/** The last changes of a day when an answer was begun. */
export interface SeenChanges {
  readonly change: string;
  readonly epoch: string;
}

/** How long answers live, and how much they may take. */
export interface SearchCacheOptions {
  /** However late its first departure, an answer lives no longer. */
  readonly maxAgeMs: number;
  /** What the answers may take that this process has stored and that are still alive. */
  readonly maxBytes: number;
}

/** Above this a slow Redis costs more than the search that it saves. */
const READ_PATIENCE_MS = 1_000;
/** Nobody waits for a change to reach Redis, except the next change. */
const CHANGE_PATIENCE_MS = 5_000;
const MEND_AFTER_MS = 250;
/** Marks outlive every answer that was stored before them by far. */
const MARK_TTL_MS = 24 * 60 * 60 * 1000;
const NO_CHANGE = '';
/** The list of the answers that every change of any flight of their day concerns. */
const ANY = 'any';
const UNAVAILABLE: CacheRead = { answer: undefined, seen: undefined };

/**
 * Answers of searches in Redis. An answer dies when its first flight departs (its time to live), when a flight in
 * it changes, and when any flight of those days changes in a way that might bring it into the answer.
 *
 * Every process drops answers after its own index has the change, so an answer that a slower process made of the
 * older timetable is dropped by that process, and the mark of the change keeps it from storing another one. All
 * keys of one day share a hash tag. After any failure of Redis nothing is cached until the marks of all days have
 * been renewed.
 *
 * Locks and limits lie in the same Redis, and there are as many questions as somebody cares to think of. So a process
 * stores only so much at a time; for the rest its memory and the index are good enough.
 */
export class SearchCache implements IndexListener, Lifecycle {
  /** Days on which flights leave. */
  private readonly days = new Set<EpochDay>();
  /** How often Redis failed, so that changes may not have reached it or may be lost. */
  private failures = 0;
  /** The failures after which all marks were renewed. Nothing in Redis is believed while it falls behind. */
  private failuresMendedBy = 0;
  private mending: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly stored: StoredBytes;

  constructor(
    private readonly redis: RedisStore,
    private readonly options: SearchCacheOptions,
    private readonly logger: Logger,
  ) {
    // A server that restarts may have forgotten the last changes and kept the answers that they made untrue.
    redis.onOutage((error) => this.distrust(error));
    this.stored = new StoredBytes(options.maxBytes);
  }

  /** What the answers take in Redis that this process has stored, in bytes. */
  get size(): number {
    return this.stored.at(performance.now());
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.mending);
  }

  async read(key: DayKey): Promise<CacheRead> {
    if (!this.isTrusted) return UNAVAILABLE;
    try {
      const [stored, change, epoch] = await withPatience(
        READ_PATIENCE_MS,
        this.redis.client.mGet([answerKey(key), changeKey(key.day), epochKey(key.day)]),
      );
      const seen = { change: change ?? NO_CHANGE, epoch: epoch ?? NO_CHANGE };
      const prefix = `${seen.epoch}\n`;
      if (stored?.startsWith(prefix) === true) return { answer: stored.slice(prefix.length) };
      return { answer: undefined, seen };
    } catch (error) {
      this.distrust(error);
      return UNAVAILABLE;
    }
  }

  /** Keeps an answer for so long, if there is room, unless the timetable of its day has changed since it was begun. */
  async store(
    key: DayKey,
    seen: SeenChanges,
    answer: string,
    concerns: Concerns,
    ttlMs: number,
  ): Promise<void> {
    const ttl = Math.min(ttlMs, this.options.maxAgeMs);
    if (ttl <= 0) return;
    const lists = [...(concerns === 'any' ? [ANY] : concerns)].map((id) => flightKey(key.day, id));
    const keys = [answerKey(key), changeKey(key.day), ...lists];
    const value = `${seen.epoch}\n${answer}`;
    const bytes = bytesInRedis(value, lists.length);
    if (!this.stored.take(bytes, performance.now())) return;
    const storing = STORE.run(this.redis.client, keys, [seen.change, value, ttl]);
    void this.giveBack(bytes, ttl, storing);
    try {
      await withPatience(READ_PATIENCE_MS, storing);
    } catch (error) {
      this.distrust(error);
    }
  }

  /** Redis has had an answer for some time when it says so. After an error it may have it, too. */
  private async giveBack(bytes: number, ttlMs: number, storing: Promise<number>): Promise<void> {
    const isStored = await storing.then(
      (count) => count > 0,
      () => true,
    );
    this.stored.giveBack(bytes, performance.now() + (isStored ? ttlMs : 0));
  }

  async flightsChanged(changes: readonly FlightChange[]): Promise<void> {
    await this.orDistrust(
      changes.flatMap((change) =>
        change.departureDays.flatMap((departureDay) =>
          searchDaysOf(departureDay).map((day) => () => this.drop(change, day)),
        ),
      ),
    );
  }

  async daysChanged(days: ReadonlySet<EpochDay>): Promise<void> {
    for (const day of days) this.days.add(day);
    const searchDays = new Set([...days].flatMap(searchDaysOf));
    await this.orDistrust([...searchDays].map((day) => () => this.renewMark(day)));
  }

  private async drop({ flightId, reach }: FlightChange, day: EpochDay): Promise<void> {
    if (reach === 'others') await this.renewMark(day);
    if (reach !== 'own') return;
    await DROP.run(
      this.redis.client,
      [changeKey(day), flightKey(day, flightId), flightKey(day, ANY)],
      [randomUUID(), MARK_TTL_MS],
    );
  }

  /**
   * Makes every answer of a day worthless at once: they carry the epoch in which they were stored. The change is
   * marked first, so that nothing of the old timetable is stored under the new epoch.
   */
  private async renewMark(day: EpochDay): Promise<void> {
    const expiration = { expiration: { type: 'PX', value: MARK_TTL_MS } } as const;
    const name = randomUUID();
    await Promise.all([
      this.redis.client.set(changeKey(day), name, expiration),
      this.redis.client.set(epochKey(day), name, expiration),
    ]);
  }

  private async orDistrust(steps: readonly (() => Promise<void>)[]): Promise<void> {
    try {
      await withPatience(CHANGE_PATIENCE_MS, Promise.all(steps.map((step) => step())));
    } catch (error) {
      this.distrust(error);
    }
  }

  private get isTrusted(): boolean {
    return this.failures === this.failuresMendedBy;
  }

  private distrust(error: unknown): void {
    if (this.isTrusted) this.logger.warn({ err: error }, 'the search cache is not used until Redis is back');
    this.failures += 1;
    this.mendSoon();
  }

  /** Other processes may believe what this one failed to drop, so it does not wait until it is asked again. */
  private mendSoon(): void {
    if (this.stopped) return;
    this.mending ??= setTimeout(() => void this.mend(), MEND_AFTER_MS);
  }

  /** Makes every answer in Redis worthless, and trusts it again if nothing failed meanwhile. */
  private async mend(): Promise<void> {
    const { failures } = this;
    await this.daysChanged(this.days);
    this.mending = undefined;
    if (this.failures === failures) this.failuresMendedBy = failures;
    else this.mendSoon();
  }
}

/** A release that lays these keys out otherwise needs another prefix: side by side, each drops only what it knows. */
const prefixOf = (day: EpochDay): string => `answers:{${calendarDateOf(day)}}`;
/** Every flight of an answer names it in a list, so its name is short; in 64 bytes Redis keeps lists at their smallest. */
const answerKey = ({ day, query }: DayKey): string => `${prefixOf(day)}:${digestOf(query)}`;
const digestOf = (query: string): string => createHash('sha256').update(query).digest('base64url');
const flightKey = (day: EpochDay, id: number | string): string => `${prefixOf(day)}:flight:${id}`;
const changeKey = (day: EpochDay): string => `${prefixOf(day)}:change`;
const epochKey = (day: EpochDay): string => `${prefixOf(day)}:epoch`;

async function withPatience<T>(patienceMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis took more than ${patienceMs} ms.`)), patienceMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
