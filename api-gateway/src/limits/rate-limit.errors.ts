import { DomainError } from '@flight-booking/platform';

/** More requests came than one client may send. */
export class RateLimited extends DomainError {
  static readonly slug = 'rate-limited';
  static readonly kind = 'rate_limited';
  static readonly title = 'Too many requests';

  constructor(retryAfterSeconds: number) {
    super(
      `You have sent too many requests. Try again in ${retryAfterSeconds} seconds.`,
      { retry_after_seconds: retryAfterSeconds },
      { headers: { 'retry-after': String(retryAfterSeconds) } },
    );
  }
}
