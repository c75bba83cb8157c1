import { DomainError } from '../http/domain-error.js';
import { isConnectionFailure } from './pg-errors.js';

/** The service's database is away. Whether the statement took effect is not known. */
export class DatabaseUnavailable extends DomainError {
  static readonly slug = 'database-unavailable';
  static readonly kind = 'unavailable';
  static readonly title = 'A part of the platform is away';

  constructor(options: ErrorOptions) {
    super('The data cannot be reached right now. Try again in a moment.', {}, options);
  }
}

/** An error as callers should see it: one that means that the server is away, or itself. */
export const translated = (error: unknown): unknown =>
  isConnectionFailure(error) ? new DatabaseUnavailable({ cause: error }) : error;
