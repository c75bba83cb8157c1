import { DomainError } from '@flight-booking/platform';

/** No service client has this id and secret; which of them is wrong is not told. */
export class WrongClientCredentials extends DomainError {
  static readonly slug = 'wrong-client-credentials';
  static readonly kind = 'unauthenticated';
  static readonly title = 'The client id or secret is wrong';

  constructor() {
    super('No service client has this id and secret.');
  }
}
