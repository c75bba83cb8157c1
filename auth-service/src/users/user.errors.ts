import { DomainError } from '@flight-booking/platform';

/** Somebody has signed up with the address already. */
export class EmailTaken extends DomainError {
  static readonly slug = 'email-taken';
  static readonly kind = 'conflict';
  static readonly title = 'The e-mail address has an account already';

  constructor(options?: ErrorOptions) {
    super('An account with this e-mail address exists. Sign in instead.', {}, options);
  }
}

/** The address or the password is wrong; which of them is not told. */
export class WrongCredentials extends DomainError {
  static readonly slug = 'wrong-credentials';
  static readonly kind = 'unauthenticated';
  static readonly title = 'The e-mail address or the password is wrong';

  constructor() {
    super('No account has this e-mail address and password.');
  }
}

/** Too many failed logins to one account or from one address. */
export class TooManyAttempts extends DomainError {
  static readonly slug = 'too-many-attempts';
  static readonly kind = 'rate_limited';
  static readonly title = 'Too many failed logins';

  constructor(retryAfterSeconds: number) {
    super(
      `Too many failed logins. Try again in ${retryAfterSeconds} seconds.`,
      { retry_after_seconds: retryAfterSeconds },
      { headers: { 'retry-after': String(retryAfterSeconds) } },
    );
  }
}
