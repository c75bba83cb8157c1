import pg from 'pg';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';

const codeOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** SQLSTATE classes of a server that is shutting down, starting up, or cut off. */
const CONNECTION_CODE = /^(?:08|57P0[1-5])/;
const NETWORK_CODES: readonly unknown[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
];
/** How `pg` says that it has no connection; it gives these errors no code. */
const CONNECTION_MESSAGE = /connection terminated|timeout exceeded when trying to connect|not queryable/i;

/** Whether a statement failed because the server is away, so that it may succeed later. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return CONNECTION_CODE.test(error.code ?? '');
  return ('code' in error && NETWORK_CODES.includes(error.code)) || CONNECTION_MESSAGE.test(error.message);
}

/** Whether the same transaction may well succeed when it is run again. */
export const isRetryable = (error: unknown): boolean =>
  codeOf(error) === SERIALIZATION_FAILURE || codeOf(error) === DEADLOCK_DETECTED;

/** The named unique constraint that a statement ran into; undefined for every other error. */
export const uniqueViolationOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION ? error.constraint : undefined;
