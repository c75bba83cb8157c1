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

/**
 * Waits for work that may be left undone while the database is away, because something else does it later or nothing is
 * lost by it. Any other failure is the caller's.
 */
export async function unlessDatabaseAway(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
  }
}

/** An error as callers should see it: one that means that the server is away, or itself. */
export const translated = (error: unknown): unknown =>
  isConnectionFailure(error) ? new DatabaseUnavailable({ cause: error }) : error;
