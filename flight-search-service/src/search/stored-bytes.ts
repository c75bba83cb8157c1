const SECOND_MS = 1_000;

/** An allocator gives pieces of a few sizes, the next one being a quarter larger at most. */
const ALLOCATOR_SHARE = 1.25;
/** What Redis takes for a key besides its value, and for being named in one list, which may be a new one; measured. */
const KEY_OVERHEAD = 300;
const LISTING = 300;

/** What an answer takes in Redis, in bytes: as it lies there, and in each list that names it. A little too much. */
export const bytesInRedis = (stored: string, lists: number): number =>
  Math.ceil(Buffer.byteLength(stored) * ALLOCATOR_SHARE) + KEY_OVERHEAD + lists * LISTING;

/**
 * How much this process may have in Redis at a time. Whoever stores something takes its bytes before, and says when they
 * come back: when it is dead there, at the latest. What is dropped or replaced earlier still counts until then, which
 * also limits how much is written; and so nothing is remembered of each answer, only a sum for each second.
 */
export class StoredBytes {
  private taken = 0;
  /** Bytes by the second, rounded up, in which they come back. */
  private readonly comingBack = new Map<number, number>();
  private lastSecond = -Infinity;

  constructor(private readonly maxBytes: number) {}

  /** How many are taken. @param nowMs by a clock that never goes back, as all instants here */
  at(nowMs: number): number {
    const now = Math.floor(nowMs / SECOND_MS);
    if (now === this.lastSecond) return this.taken;
    this.lastSecond = now;
    for (const [second, bytes] of this.comingBack) {
      if (second > now) continue;
      this.comingBack.delete(second);
      this.taken -= bytes;
    }
    return this.taken;
  }

  /** Takes some, unless there are not so many left. */
  take(bytes: number, nowMs: number): boolean {
    if (this.at(nowMs) + bytes > this.maxBytes) return false;
    this.taken += bytes;
    return true;
  }

  /** Gives back what was taken, from an instant on, or up to a second later. */
  giveBack(bytes: number, fromMs: number): void {
    const second = Math.max(Math.ceil(fromMs / SECOND_MS), this.lastSecond + 1);
    this.comingBack.set(second, (this.comingBack.get(second) ?? 0) + bytes);
  }
}
