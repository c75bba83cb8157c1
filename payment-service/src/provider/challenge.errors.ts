import { DomainError } from '@flight-booking/platform';

/** Nobody was ever asked to approve anything under this address. */
export class ChallengeNotFound extends DomainError {
  static readonly slug = 'challenge-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such challenge';

  constructor() {
    super('Follow the `challenge_url` of a payment that waits for approval.');
  }
}
