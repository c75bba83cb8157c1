import { createHash } from 'node:crypto';
import type { RedisClient } from '@flight-booking/platform';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyAttempts } from './user.errors.js';

/** How many logins may fail before more are refused unseen. */
export interface LoginLimits {
  readonly failuresPerAccount: number;
  readonly failuresPerAddress: number;
  readonly windowSeconds: number;
}

/**
 * Bounds the guessing of passwords: per account, so that one password cannot be guessed, and per address, so
 * that one guess cannot be tried on everybody. It knows addresses that were typed, not accounts, so it tells
 * nobody which exist. The counts are in Redis; while that is away, each process counts for itself.
 */
export class LoginLimiter {
  private readonly accounts: RateLimiterRedis;
  private readonly addresses: RateLimiterRedis;

  constructor(
    client: RedisClient,
    private readonly limits: LoginLimits,
  ) {
    this.accounts = limiter(client, 'login:account', limits.failuresPerAccount, limits.windowSeconds);
    this.addresses = limiter(client, 'login:address', limits.failuresPerAddress, limits.windowSeconds);
  }

  /**
   * Counts the attempt as failed before it is judged: of any number of simultaneous guesses, no more are
   * judged than the limit admits.
   * @throws TooManyAttempts
   */
  async admit(email: string, address: string): Promise<void> {
    const fromAddress = await this.addresses.get(address);
    if (fromAddress !== null && fromAddress.consumedPoints >= this.limits.failuresPerAddress)
      throw refusal(fromAddress);
    try {
      await this.accounts.consume(accountKey(email));
    } catch (error) {
      throw error instanceof RateLimiterRes ? refusal(error) : error;
    }
  }

  /** The attempt was a wrong guess. */
  async failed(address: string): Promise<void> {
    await this.addresses.penalty(address);
  }

  /** The attempt was right: the account's failures are forgotten. */
  async succeeded(email: string): Promise<void> {
    await this.accounts.delete(accountKey(email));
  }

  /** The attempt could not be judged, so it was no guess. */
  async withdraw(email: string): Promise<void> {
    await this.accounts.reward(accountKey(email));
  }
}

function limiter(client: RedisClient, keyPrefix: string, points: number, duration: number): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: true,
    // A transaction would otherwise wait in the client's queue for Redis to come back.
    rejectIfRedisNotReady: true,
    keyPrefix,
    points,
    duration,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
  });
}

/** Redis need not know who signs in. */
const accountKey = (email: string): string => createHash('sha256').update(email).digest('base64url');

const refusal = ({ msBeforeNext }: RateLimiterRes): TooManyAttempts =>
  new TooManyAttempts(Math.max(1, Math.ceil(msBeforeNext / 1_000)));
