import { DomainError } from '@flight-booking/platform';

/** More people sign in at this moment than passwords can be checked. */
export class TooBusy extends DomainError {
  static readonly slug = 'too-busy';
  static readonly kind = 'unavailable';
  static readonly title = 'Too many people are signing in right now';

  constructor() {
    super('Too many people are signing in right now. Try again in a few seconds.');
  }
}
