import { MissingToken, bearerToken, type Principal, type TokenVerifier } from '@flight-booking/platform';
import { limitKeyOf, type ClientAddresses } from '../clients/client-address.js';
import type { Operation } from '../documents/operation-index.js';
import type { Visit } from '../forwarding/visit.js';
import { RateLimited } from '../limits/rate-limit.errors.js';
import type { RateLimiter } from '../limits/rate-limiter.js';

/** The limits, by what they count. */
export interface Limits {
  /** Requests without a user: by address. */
  readonly perAddress: RateLimiter;
  /** Requests of a signed-in user, from wherever they come. */
  readonly perUser: RateLimiter;
  /** Attempts to sign up, sign in and refresh: by address. */
  readonly signIns: RateLimiter;
  /** Calls that bring their own proof instead of a token, as a provider's webhooks do: by address. */
  readonly callbacks: RateLimiter;
}

/**
 * Decides whether a request goes on: it needs a valid token unless the operation is public, and must be
 * within a limit. A user who is known counts against his own limit alone, so that people behind one address
 * do not use up each other's; a token that is not known yet counts against the address too, because to
 * verify one costs a hundred times a look-up. The services check the token again.
 */
export class Admission {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly limits: Limits,
    private readonly addresses: ClientAddresses,
  ) {}

  /**
   * Admits at once where it can, so that nothing is awaited for a token that is known.
   * @throws MissingToken | InvalidToken | KeysUnavailable | RateLimited, also by rejecting
   */
  admit(visit: Visit, operation: Operation): void | Promise<void> {
    if (operation.isPublic) {
      this.count(this.limitOf(operation), this.clientOf(visit), visit);
      return;
    }
    const token = bearerToken(visit.head.authorization);
    const principal = token === undefined ? undefined : this.verifier.peek(token);
    if (principal !== undefined) {
      this.countUser(principal, visit);
      return;
    }
    this.count(this.limits.perAddress, this.clientOf(visit), visit);
    if (token === undefined) throw new MissingToken();
    return this.verifier.verify(token).then((verified) => this.countUser(verified, visit));
  }

  private limitOf({ isSignIn, isCallback }: Operation): RateLimiter {
    if (isSignIn) return this.limits.signIns;
    return isCallback ? this.limits.callbacks : this.limits.perAddress;
  }

  private countUser(principal: Principal, visit: Visit): void {
    if (principal.kind === 'user') {
      visit.context.userId = principal.userId;
      this.count(this.limits.perUser, String(principal.userId), visit);
    } else {
      this.count(this.limits.perUser, `service:${principal.clientId}`, visit);
    }
  }

  private count(limiter: RateLimiter, key: string, { answerHeaders }: Visit): void {
    const { allowed, header, resetSeconds } = limiter.take(key);
    answerHeaders.push('ratelimit-policy', limiter.policyHeader, 'ratelimit', header);
    if (!allowed) throw new RateLimited(resetSeconds);
  }

  private clientOf({ request, head }: Visit): string {
    return limitKeyOf(this.addresses.clientOf(this.addresses.peerOf(request.socket), head.forwardedFor));
  }
}
