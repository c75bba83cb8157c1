import { DomainError } from '@flight-booking/platform';

/** The body was not signed with a secret that the provider and we share. */
export class InvalidSignature extends DomainError {
  static readonly slug = 'invalid-signature';
  static readonly kind = 'unauthenticated';
  static readonly title = 'The signature is missing or wrong';

  constructor() {
    super('Send `Payment-Signature: t=…,v1=…` over the very bytes of the body. Nothing was changed.');
  }
}

/** The signature is good and its time is not now. */
export class StaleSignature extends DomainError {
  static readonly slug = 'stale-signature';
  static readonly kind = 'invalid';
  static readonly title = 'The signature is too old, or from the future';

  constructor() {
    super('Sign again with the time of now: five minutes are allowed either way. Nothing was changed.');
  }
}
