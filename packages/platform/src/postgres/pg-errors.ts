import pg from 'pg';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

const codeOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** Whether the same transaction may well succeed when it is run again. */
export const isRetryable = (error: unknown): boolean =>
  codeOf(error) === SERIALIZATION_FAILURE || codeOf(error) === DEADLOCK_DETECTED;

/** The named unique constraint that a statement ran into; undefined for every other error. */
export const uniqueViolationOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION ? error.constraint : undefined;

/** The named check constraint that a statement ran into; undefined for every other error. */
export const checkViolationOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && error.code === CHECK_VIOLATION ? error.constraint : undefined;
