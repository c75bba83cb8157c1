import { DomainError } from '../http/domain-error.js';

/** No token came with a request that needs one. */
export class MissingToken extends DomainError {
  static readonly slug = 'missing-token';
  static readonly kind = 'unauthenticated';
  static readonly title = 'Sign in first';

  constructor() {
    super('Send the access token as `Authorization: Bearer <token>`.');
  }
}

/** The token is expired, forged, or not meant for this platform; which of these is not told. */
export class InvalidToken extends DomainError {
  static readonly slug = 'invalid-token';
  static readonly kind = 'unauthenticated';
  static readonly title = 'The token is not valid';

  constructor(options?: ErrorOptions) {
    super('The access token is expired or not valid. Sign in again or refresh it.', {}, options);
  }
}

/** The caller is known and may not do this. */
export class NotAllowed extends DomainError {
  static readonly slug = 'not-allowed';
  static readonly kind = 'forbidden';
  static readonly title = 'You may not do this';
}

/** `user_id` names somebody else than the token does. */
export class UserMismatch extends DomainError {
  static readonly slug = 'user-mismatch';
  static readonly kind = 'forbidden';
  static readonly title = 'The token belongs to another user';

  constructor() {
    super('`user_id` must be the user that the token was issued to; it may also be left out.');
  }
}

/** The keys that tokens are verified with cannot be fetched right now. */
export class KeysUnavailable extends DomainError {
  static readonly slug = 'keys-unavailable';
  static readonly kind = 'unavailable';
  static readonly title = 'Tokens cannot be verified right now';

  constructor(options?: ErrorOptions) {
    super('The signing keys cannot be fetched. Try again in a moment.', {}, options);
  }
}
