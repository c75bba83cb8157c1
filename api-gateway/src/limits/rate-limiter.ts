import type { Lifecycle, RedisClient } from '@flight-booking/platform';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** How many requests one client may send in one window. */
export interface RateLimitPolicy {
  /** Name of the policy on the wire. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Whether a request is within the limit, and how the client is told what is left. */
export interface LimitVerdict {
  readonly allowed: boolean;
  /** Value of the `RateLimit` header. */
  readonly header: string;
  readonly resetSeconds: number;
}

interface Window {
  readonly key: string;
  /** Requests of this window as far as this process knows. */
  count: number;
  /** Those that Redis has not been told of. */
  unshared: number;
  /** Whether it is on its way to Redis, or waits for that. */
  isSharing: boolean;
  resetAt: number;
}

const SHARE_INTERVAL_MS = 100;
const MAX_WINDOWS = 200_000;

/**
 * Counts requests in fixed windows. The decision is made in the process and costs no round trip; ten times a
 * second each count that has changed is added to the one in Redis, which answers with the sum over all
 * gateways. So n gateways together admit at most what n - 1 of them take in within {@link SHARE_INTERVAL_MS}
 * above the limit, one gateway never any, and one that has just started what it takes in within that time.
 *
 * Without Redis each gateway counts for itself, and tells Redis of it when that is back.
 */
export class RateLimiter implements Lifecycle {
  /** Value of the `RateLimit-Policy` header (draft-ietf-httpapi-ratelimit-headers). */
  readonly policyHeader: string;
  private readonly shared: RateLimiterRedis;
  private readonly windows = new Map<string, Window>();
  private changed: Window[] = [];
  private shareTimer: NodeJS.Timeout | undefined;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly policy: RateLimitPolicy,
    private readonly redis: RedisClient,
  ) {
    const { name, limit, windowSeconds } = policy;
    this.policyHeader = `"${name}";q=${limit};w=${windowSeconds}`;
    this.shared = new RateLimiterRedis({
      storeClient: redis,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `rate-limit:${name}`,
      points: limit,
      duration: windowSeconds,
    });
  }

  start(): Promise<void> {
    this.sweepTimer ??= setInterval(() => this.sweep(), this.policy.windowSeconds * 1_000).unref();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    clearInterval(this.sweepTimer);
    clearTimeout(this.shareTimer);
    this.sweepTimer = undefined;
    this.shareTimer = undefined;
    return Promise.resolve();
  }

  /** Counts a request of a client, unless it is one too many. */
  take(key: string): LimitVerdict {
    const now = Date.now();
    const window = this.windowOf(key, now);
    const allowed = window.count < this.policy.limit;
    if (allowed) {
      window.count += 1;
      window.unshared += 1;
      this.shareSoon(window);
    }
    const resetSeconds = Math.ceil((window.resetAt - now) / 1_000);
    const remaining = Math.max(0, this.policy.limit - window.count);
    return { allowed, resetSeconds, header: `"${this.policy.name}";r=${remaining};t=${resetSeconds}` };
  }

  private windowOf(key: string, now: number): Window {
    const known = this.windows.get(key);
    if (known !== undefined && known.resetAt > now) return known;
    const resetAt = now + this.policy.windowSeconds * 1_000;
    const window = { key, count: 0, unshared: 0, isSharing: false, resetAt };
    this.windows.set(key, window);
    if (this.windows.size > MAX_WINDOWS) this.dropOldest();
    return window;
  }

  private shareSoon(window: Window): void {
    if (window.isSharing) return;
    window.isSharing = true;
    this.changed.push(window);
    this.scheduleSharing();
  }

  private scheduleSharing(): void {
    const isRunning = this.sweepTimer !== undefined;
    if (!isRunning) return;
    this.shareTimer ??= setTimeout(() => this.shareAll(), SHARE_INTERVAL_MS).unref();
  }

  private shareAll(): void {
    this.shareTimer = undefined;
    if (!this.redis.isReady) {
      this.scheduleSharing();
      return;
    }
    const now = Date.now();
    const { changed } = this;
    this.changed = [];
    for (const window of changed) if (window.resetAt > now) void this.share(window);
  }

  /**
   * Requests that come meanwhile are shared after, so that the answer never counts fewer than were admitted. What
   * Redis took without our hearing of it is told again: better counted twice than not at all.
   */
  private async share(window: Window): Promise<void> {
    const points = window.unshared;
    const sum = await this.add(window.key, points);
    if (sum !== undefined) {
      window.unshared -= points;
      window.count = sum.consumedPoints + window.unshared;
      window.resetAt = Date.now() + sum.msBeforeNext;
    }
    window.isSharing = false;
    if (window.unshared > 0) this.shareSoon(window);
  }

  /** The sum over all gateways; undefined while Redis is away. The library throws a sum above the limit. */
  private async add(key: string, points: number): Promise<RateLimiterRes | undefined> {
    try {
      return await this.shared.consume(key, points);
    } catch (thrown) {
      return thrown instanceof RateLimiterRes ? thrown : undefined;
    }
  }

  private sweep(): void {
    const now = Date.now();
    for (const [key, { resetAt }] of this.windows) if (resetAt <= now) this.windows.delete(key);
    this.changed = this.changed.filter(({ resetAt }) => resetAt > now);
  }

  private dropOldest(): void {
    const oldest = this.windows.keys().next().value;
    if (oldest !== undefined) this.windows.delete(oldest);
  }
}
