import { DomainError } from '@flight-booking/platform';

/** The refresh token is unknown, expired, revoked or was used before; which of these is not told. */
export class InvalidRefreshToken extends DomainError {
  static readonly slug = 'invalid-refresh-token';
  static readonly kind = 'unauthenticated';
  static readonly title = 'The refresh token is not valid';

  constructor() {
    super('The refresh token is not valid any more. Sign in again.');
  }
}
